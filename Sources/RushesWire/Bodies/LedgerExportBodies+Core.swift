package import RushesCore

extension LedgerExportTransaction {
    /// The line of a transaction.
    package init(_ link: LedgerLink) {
        let position = link.position
        self.init(
            seq: Int64(position.sequence), transactionID: position.transaction.rawValue, kind: link.kind,
            reference: link.reference, batchID: link.batch?.rawValue, createdAt: position.createdAt.rfc3339,
            createdAtMS: position.createdAt.milliseconds, availableAfterMicros: position.availableAfter.micros,
            heldAfterMicros: position.heldAfter.micros, previousHash: position.previousHash, hash: link.hash,
            lines: link.lines.map {
                LedgerExportLine(account: $0.account, unit: $0.unit, amountMicros: $0.amountMicros)
            })
    }

    /// The transaction of a line; nil when its two times differ.
    package func link(of organization: OrganizationID) -> LedgerLink? {
        let time = Timestamp(milliseconds: createdAtMS)
        guard time.rfc3339 == createdAt else { return nil }
        return LedgerLink(
            position: LedgerPosition(
                organization: organization, transaction: LedgerTransactionID(trusted: transactionID),
                sequence: Int(seq), createdAt: time, availableAfter: Credits(micros: availableAfterMicros),
                heldAfter: Credits(micros: heldAfterMicros), previousHash: previousHash),
            kind: kind, reference: reference, batch: batchID.map(BatchID.init(trusted:)),
            lines: lines.map { LedgerLine(account: $0.account, unit: $0.unit, amountMicros: $0.amountMicros) },
            hash: hash)
    }
}

extension LedgerExportEnd {
    /// The last line of an export.
    package init(_ end: LedgerEnd, lots: [LotStanding]) {
        self.init(
            count: Int64(end.sequence), chainHead: end.chainHead, availableMicros: end.available.micros,
            heldMicros: end.held.micros, lots: lots.map(LotStandingBody.init))
    }

    /// Where the ledger has to end.
    package var end: LedgerEnd {
        LedgerEnd(
            sequence: Int(count), chainHead: chainHead, available: Credits(micros: availableMicros),
            held: Credits(micros: heldMicros), lots: lots.balancesByLot)
    }
}
