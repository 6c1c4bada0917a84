package import RushesCore
package import RushesDatabase

private let adjustmentColumns = """
    id, organization_id, amount_micros, reason, ticket, proposed_by, proposed_at, state, decided_by, decided_at
    """

extension SQLRow {
    fileprivate func adjustment() throws(DatabaseError) -> Adjustment {
        Adjustment(
            id: try id(0, AdjustmentIdentity.self),
            proposal: Adjustment.Proposal(
                organization: try id(1, OrganizationIdentity.self), amount: try credits(2), reason: try text(3),
                ticket: try text(4), by: try text(5)),
            proposedAt: try time(6), state: try value(7, Adjustment.State.self), decidedBy: try optionalText(8),
            decidedAt: try optionalTime(9))
    }
}

extension SQLReading {
    /// A correction.
    package func adjustment(_ id: AdjustmentID) throws(DatabaseError) -> Adjustment? {
        try query("SELECT \(adjustmentColumns) FROM adjustment WHERE id = $1", [.text(id.rawValue)])
            .first?.adjustment()
    }

    /// Corrections that wait for their decision, the oldest first.
    package func proposedAdjustments(limit: Int) throws(DatabaseError) -> [Adjustment] {
        try query(
            "SELECT \(adjustmentColumns) FROM adjustment WHERE state = 'proposed' ORDER BY id LIMIT $1", [.int(limit)]
        ).map { row throws(DatabaseError) in try row.adjustment() }
    }

    /// Corrections of an organization, the newest first.
    package func adjustments(
        of organization: OrganizationID, limit: Int
    ) throws(DatabaseError) -> [Adjustment] {
        try query(
            "SELECT \(adjustmentColumns) FROM adjustment WHERE organization_id = $1 ORDER BY id DESC LIMIT $2",
            [.text(organization.rawValue), .int(limit)]
        ).map { row throws(DatabaseError) in try row.adjustment() }
    }
}

extension SQLTransaction {
    /// Adds a proposal.
    package func insert(_ adjustment: Adjustment) throws(DatabaseError) {
        let proposal = adjustment.proposal
        try execute(
            "INSERT INTO adjustment (\(adjustmentColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                .text(adjustment.id.rawValue), .text(proposal.organization.rawValue), .integer(proposal.amount.micros),
                .text(proposal.reason), .text(proposal.ticket), .text(proposal.by), .time(adjustment.proposedAt),
                .text(adjustment.state.rawValue), .optional(adjustment.decidedBy), .time(adjustment.decidedAt),
            ])
    }

    /// Writes the decision on a correction whose organization's wallet is locked.
    package func save(_ adjustment: Adjustment) throws(DatabaseError) {
        try execute(
            "UPDATE adjustment SET state = $1, decided_by = $2, decided_at = $3 WHERE id = $4",
            [
                .text(adjustment.state.rawValue), .optional(adjustment.decidedBy), .time(adjustment.decidedAt),
                .text(adjustment.id.rawValue),
            ])
    }

    /// Does what an approved correction says to a locked wallet, and posts it; `lot` is the new lot when it gives.
    ///
    /// - Throws: `AdjustmentRefusal.insufficientCredits`, `DatabaseError`.
    package func post(
        _ adjustment: Adjustment, granting lot: LotID, to wallet: inout WalletRow, ids: any IDSource
    ) throws -> PostedTransaction {
        let amount = adjustment.proposal.amount
        if amount > .zero {
            let lot = try add(
                to: &wallet, granting: amount, paid: .zero, origin: .adjustment, id: lot)
            return try post(LedgerTransaction.adjustment(adjustment.id, granting: lot), to: &wallet, ids: ids)
        }
        // What is only lent comes last, so that all that is owned has been read where it does not cover the amount.
        let lots = try drawableLots(of: wallet.organization, covering: -amount).filter(\.origin.isOwned)
        let parts = try Wallet(organization: wallet.organization, lots: lots).taking(-amount, at: now)
        var changed: [Lot] = []
        let taken = parts.map { part in
            guard var lot = lots.first(where: { $0.id == part.lot }) else {
                preconditionFailure("a correction takes from the lots that it was decided on")
            }
            let recognized = lot.adjust(out: part.amount)
            changed.append(lot)
            return (part, recognized)
        }
        try save(changed)
        wallet.available += amount
        return try post(LedgerTransaction.adjustment(adjustment.id, taking: taken), to: &wallet, ids: ids)
    }
}
