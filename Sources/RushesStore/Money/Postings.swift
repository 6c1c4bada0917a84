package import RushesCore
package import RushesDatabase

extension SQLTransaction {
    /// Moves the cost of new batches from free to frozen in their lots, their wallet and the ledger: a ledger
    /// transaction for each, in their order.
    ///
    /// The wallet must be locked; the holds must come from `Wallet.freeze`, one on what the other has left of the lots
    /// read under that lock.
    package func post(freezes holds: [Hold], of wallet: inout WalletRow, lots: [Lot], ids: any IDSource)
        throws(DatabaseError) -> [PostedTransaction]
    {
        var changed: [LotID: Lot] = [:]
        for part in holds.flatMap(\.parts) {
            guard var lot = changed[part.lot] ?? lots.first(where: { $0.id == part.lot }) else {
                throw DatabaseError(.decoding, "lot \(part.lot) was not read")
            }
            lot.hold(part.amount)
            changed[part.lot] = lot
        }
        try insert(holds, of: wallet.organization)
        try save(changed.values.sorted { $0.id < $1.id })
        var sealed: [SealedTransaction] = []
        for hold in holds {
            wallet.available -= hold.total
            wallet.held += hold.total
            sealed.append(wallet.seal(LedgerTransaction.freeze(hold), at: now, ids: ids))
        }
        return try write(sealed, of: &wallet, ids: ids)
    }

    /// Posts everything that has ended in a locked batch and is not posted yet; the last posting closes its hold. The
    /// wallet is locked, and the lots are those that the hold drew from, read since.
    ///
    /// - Throws: `IllegalSettlement` when the counts do not fit the hold, `DatabaseError`.
    package func post(
        settlementOf batch: Batch, hold: Hold, lots: [LotID: Lot], wallet: inout WalletRow, ids: any IDSource
    ) throws -> PostedTransaction {
        var hold = hold
        let settlement = try hold.settle(succeeded: batch.counts.succeeded, failed: batch.counts.failed)
        var lots = lots
        var recognized: [(lot: LotID, amount: Dollars)] = []
        for part in settlement.captures {
            guard let amount = lots[part.lot]?.capture(part.amount) else { throw missing(part.lot) }
            recognized.append((part.lot, amount))
        }
        for part in settlement.releases {
            guard lots[part.lot]?.release(part.amount, at: now) != nil else { throw missing(part.lot) }
        }
        let touched = Set((settlement.captures + settlement.releases).map(\.lot))
        try save(touched.sorted().compactMap { lots[$0] })
        try save(hold)
        wallet.held -= settlement.captured + settlement.released
        wallet.available += settlement.released
        if wallet.hasBudgets { try giveBack(settlement.released, of: batch) }
        let posted = try post(
            LedgerTransaction.settlement(
                settlement, of: hold, instalment: batch.instalments + 1, model: batch.model, recognized: recognized),
            to: &wallet, ids: ids)
        if settlement.releases.contains(where: { lots[$0.lot]?.origin == .creditLine }) {
            try keepCreditLineWithin(after: "\(batch.id):\(batch.instalments + 1)", of: &wallet, ids: ids)
        }
        return posted
    }

    private func missing(_ lot: LotID) -> DatabaseError {
        DatabaseError(.decoding, "lot \(lot) of the hold does not exist")
    }
}
