package import RushesCore
import RushesDatabase
package import RushesStore

/// What customers see of their money, and the two operations that the seed names.
package struct CreditService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }
}

/// A wallet's sums and its lots.
package struct WalletStatement: Sendable, Equatable {
    /// Free credits.
    package let available: Credits
    /// Frozen credits.
    package let held: Credits
    /// The mark below which the owner is told; nil for never.
    package let lowBalance: Credits?
    /// True while a payment is disputed: it freezes nothing.
    package let isSuspended: Bool
    /// Lots with free or frozen credits, in the order of their grant.
    package let lots: [Lot]

    init(_ wallet: WalletRow, lots: [Lot]) {
        available = wallet.available
        held = wallet.held
        lowBalance = wallet.alert.below
        isSuspended = wallet.isSuspended
        self.lots = lots
    }

    /// Free and frozen credits.
    package var total: Credits { available + held }
}

/// What one of the two operations did, now or when it was first called.
package struct CreditOperation: Sendable, Equatable {
    /// The hold as it is now.
    package let hold: Hold
    /// The ledger transaction that the operation posted.
    package let transaction: PostedTransaction
    /// True when it had been posted before.
    package let isReplay: Bool
}

extension CreditService {
    /// The wallet.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func wallet(of organization: OrganizationID) async throws -> WalletStatement {
        try await engine.database.read { reader in
            guard let wallet = try reader.wallet(organization) else { throw Refusal.notFound }
            return WalletStatement(wallet, lots: try reader.livingLots(of: organization))
        }
    }

    /// Sets the mark below which the owner is told that the wallet runs low; nil for never. A wallet that is below it
    /// already is told of at once.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func alert(below mark: Credits?, of organization: OrganizationID) async throws -> WalletStatement {
        if let mark, mark <= .zero || mark.micros > Limits.lotMicrosMax {
            throw Refusal.invalidArgument(name: "low_balance_micros", reason: "between 1 and \(Limits.lotMicrosMax)")
        }
        let engine = engine
        return try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard var wallet = try transaction.lockWallet(organization) else { throw Refusal.notFound }
            try transaction.alert(below: mark, of: &wallet, ids: engine.environment.ids)
            return WalletStatement(wallet, lots: try transaction.livingLots(of: organization))
        }
    }

    /// Events of the organization's feed after a place, in order and without gaps.
    ///
    /// - Throws: `DatabaseError`.
    package func events(
        of organization: OrganizationID, after sequence: Int, limit: Int
    ) async throws -> Page<EventSnapshot> {
        try await engine.database.read { reader in
            let page = Page(try reader.events(of: organization, after: sequence, limit: limit + 1), limit: limit)
            return Page(try reader.snapshots(of: page.items, in: organization), hasMore: page.hasMore)
        }
    }

    /// Lines of the ledger in the customer's unit, in order, after a transaction's line.
    ///
    /// - Throws: `Refusal.notFound` for an unknown batch, `DatabaseError`.
    package func ledger(
        of organization: OrganizationID, batch: BatchID?, after sequence: Int, line: Int, limit: Int
    ) async throws -> Page<LedgerRow> {
        try await engine.database.read { reader in
            if let batch, try reader.batch(batch, of: organization) == nil { throw Refusal.notFound }
            let rows = try reader.ledgerRows(
                of: organization, batch: batch, unit: CreditUnit.code, after: sequence, line: line, limit: limit + 1)
            return Page(rows, limit: limit)
        }
    }

    /// The seed's `freeze_credits_for_batch`: creation has frozen already, so this answers what it posted.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func freezeCreditsForBatch(
        _ id: BatchID, of organization: OrganizationID
    ) async throws -> CreditOperation {
        try await engine.database.read { reader in
            try reader.operation(LedgerTransaction.freezeReference(id), batch: id, of: organization)
        }
    }

    /// The seed's `finalize_batch_credits`: the last posting of a batch, which closes its hold and ends it.
    ///
    /// - Throws: `Refusal.batchNotFinished` while tasks are open, `Refusal.notFound`, `DatabaseError`.
    package func finalizeBatchCredits(
        _ id: BatchID, of organization: OrganizationID
    ) async throws -> CreditOperation {
        let engine = engine
        return try await engine.database.writeByKey { transaction in
            guard let batch = try transaction.lockBatch(id), batch.organization == organization else {
                throw Refusal.notFound
            }
            if batch.status.isTerminal {
                return try transaction.operation(LedgerTransaction.finalizeReference(id), batch: id, of: organization)
            }
            guard batch.counts.open == 0 else { throw Refusal.batchNotFinished }
            let posted = try transaction.settle(batch, ids: engine.environment.ids)
            guard let hold = try transaction.hold(of: id) else { throw Refusal.notFound }
            return CreditOperation(hold: hold, transaction: posted, isReplay: false)
        }
    }
}

extension SQLReading {
    fileprivate func operation(
        _ reference: String, batch: BatchID, of organization: OrganizationID
    ) throws -> CreditOperation {
        guard try self.batch(batch, of: organization) != nil, let hold = try hold(of: batch),
            let posted = try ledgerTransaction(reference: reference)
        else { throw Refusal.notFound }
        return CreditOperation(hold: hold, transaction: posted, isReplay: true)
    }
}

extension SQLTransaction {
    /// Moves the cost of new batches from free to frozen; part of the creation's own transaction.
    func freezeCreditsForBatches(
        _ holds: [Hold], wallet: inout WalletRow, lots: [Lot], ids: any IDSource
    ) throws(DatabaseError) {
        _ = try post(freezes: holds, of: &wallet, lots: lots, ids: ids)
    }

    /// Posts what has ended in a locked batch; when no task is open this is the finalize, which ends the batch in the
    /// same transaction.
    func settle(_ batch: Batch, ids: any IDSource) throws -> PostedTransaction {
        let (locked, hold, lots) = try read(
            .lockedWallet(batch.organization, dialect), .hold(of: batch.id), .lots(heldBy: batch.id))
        guard var wallet = locked, let hold else {
            throw DatabaseError(.decoding, "batch \(batch.id) has no wallet or no hold")
        }
        var batch = batch
        let posted = try post(settlementOf: batch, hold: hold, lots: lots, wallet: &wallet, ids: ids)
        let before = (batch.postedSucceeded, batch.postedFailed)
        let events = try batch.posted(closing: batch.counts.open == 0, at: now)
        try save(batch)
        let news = events.flatMap { event in
            event == .tasksSettled
                ? SettledPart.all(of: batch, after: before, in: posted)
                : [
                    Event(event, batch: batch.id, data: ["transaction_id": posted.id.rawValue])
                ]
        }
        try append(news, to: batch.organization, ids: ids)
        return posted
    }
}

/// What one `tasks.settled` tells of a posting: no more tasks than fit into a message.
private enum SettledPart {
    static func all(of batch: Batch, after before: (succeeded: Int, failed: Int), in posted: PostedTransaction)
        -> [Event]
    {
        let firstEnd = before.succeeded + before.failed + 1
        let lastEnd = batch.postedSucceeded + batch.postedFailed
        let starts = stride(from: firstEnd, through: lastEnd, by: Limits.resultsPerEventMax)
        let parts = Array(starts)
        return parts.enumerated().map { number, start in
            Event(
                .tasksSettled, batch: batch.id,
                data: [
                    "transaction_id": posted.id.rawValue,
                    "succeeded": String(batch.postedSucceeded - before.succeeded),
                    "failed": String(batch.postedFailed - before.failed), "part": String(number + 1),
                    "parts": String(parts.count), "first_end": String(start),
                    "last_end": String(min(start + Limits.resultsPerEventMax - 1, lastEnd)),
                ])
        }
    }
}
