import RushesCore
import RushesEngine
import RushesStore
import RushesWire

extension WalletBody {
    init(_ statement: WalletStatement) {
        self.init(
            availableMicros: statement.available.micros, heldMicros: statement.held.micros,
            totalMicros: (statement.available + statement.held).micros,
            lowBalanceMicros: statement.lowBalance?.micros, suspended: statement.isSuspended,
            lots: statement.lots.sorted(by: Lot.isDrawnBefore).map(LotBody.init))
    }
}

extension LotBody {
    init(_ lot: Lot) {
        self.init(
            id: lot.id.rawValue, kind: lot.origin.rawValue, paidMicros: lot.paid.micros, faceMicros: lot.face.micros,
            availableMicros: lot.available.micros, heldMicros: lot.held.micros,
            chargedMicros: lot.captured.micros, expiredMicros: lot.gone.expired.micros,
            correctedMicros: lot.gone.adjusted.micros, refundedMicros: lot.gone.revoked.micros,
            expiresAt: lot.expiresAt?.rfc3339)
    }
}

extension LedgerEntryBody {
    init(_ row: LedgerRow) {
        let posted = row.transaction
        self.init(
            seq: Int64(posted.sequence), transactionID: posted.id.rawValue, kind: posted.kind, account: row.account,
            unit: row.unit, amountMicros: row.amountMicros, availableAfterMicros: posted.availableAfter.micros,
            heldAfterMicros: posted.heldAfter.micros, batchID: posted.batch?.rawValue, reference: posted.reference,
            createdAt: posted.createdAt.rfc3339, hash: posted.hash)
    }
}

extension LedgerTransactionBody {
    init(_ posted: PostedTransaction, lines: [LedgerRow]) {
        self.init(
            id: posted.id.rawValue, seq: Int64(posted.sequence), kind: posted.kind, reference: posted.reference,
            createdAt: posted.createdAt.rfc3339, hash: posted.hash, entries: lines.map(LedgerEntryBody.init))
    }
}

extension HoldBody {
    /// A hold is opened by its batch's creation and closed by its end.
    init(_ hold: Hold, of batch: Batch) {
        self.init(
            batchID: hold.batch.rawValue, status: hold.isClosed ? "closed" : "open", frozenMicros: hold.total.micros,
            heldMicros: (hold.total - hold.captured - hold.released).micros, chargedMicros: hold.captured.micros,
            refundedMicros: hold.released.micros,
            lots: hold.parts.map { HoldLotBody(lotID: $0.lot.rawValue, amountMicros: $0.amount.micros) },
            createdAt: batch.createdAt.rfc3339, closedAt: batch.finishedAt?.rfc3339)
    }
}
