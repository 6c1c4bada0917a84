package import RushesCore
package import RushesDatabase

private let disputeColumns = """
    id, organization_id, purchase_id, reference, reason, opened_by, opened_at, opened_seq, state, decided_by, decided_at,
    loss_micros, closed_at, closed_seq, amount_micros
    """

extension SQLRow {
    fileprivate func dispute() throws(DatabaseError) -> Dispute {
        Dispute(
            id: try id(0, DisputeIdentity.self),
            claim: Dispute.Claim(
                organization: try id(1, OrganizationIdentity.self), purchase: try id(2, PurchaseIdentity.self),
                amount: try optionalInteger(14).map { Dollars(micros: $0) }, reference: try text(3),
                reason: try text(4), by: try text(5)),
            openedAt: try time(6), openedSequence: try int(7), state: try value(8, Dispute.State.self),
            decidedBy: try optionalText(9), decidedAt: try optionalTime(10), loss: try dollars(11),
            closedAt: try optionalTime(12), closedSequence: try optionalInteger(13).map { Int($0) })
    }
}

extension SQLReading {
    /// A dispute.
    package func dispute(_ id: DisputeID) throws(DatabaseError) -> Dispute? {
        try query("SELECT \(disputeColumns) FROM dispute WHERE id = $1", [.text(id.rawValue)]).first?.dispute()
    }

    /// The dispute that a bank knows by a reference.
    package func dispute(reference: String) throws(DatabaseError) -> Dispute? {
        try query("SELECT \(disputeColumns) FROM dispute WHERE reference = $1", [.text(reference)]).first?.dispute()
    }

    /// The dispute of a purchase that was not won; there is one at most.
    package func dispute(of purchase: PurchaseID) throws(DatabaseError) -> Dispute? {
        try query(
            "SELECT \(disputeColumns) FROM dispute WHERE purchase_id = $1 AND state <> 'won'",
            [.text(purchase.rawValue)]
        ).first?.dispute()
    }

    /// Disputes of an organization, the newest first.
    package func disputes(of organization: OrganizationID, limit: Int) throws(DatabaseError) -> [Dispute] {
        try query(
            "SELECT \(disputeColumns) FROM dispute WHERE organization_id = $1 ORDER BY id DESC LIMIT $2",
            [.text(organization.rawValue), .int(limit)]
        ).map { row throws(DatabaseError) in try row.dispute() }
    }

    /// Lost disputes whose purchases no running batch holds credits of any more, the oldest first.
    package func disputesToChargeBack(limit: Int) throws(DatabaseError) -> [Dispute] {
        try query(
            """
            SELECT \(disputeColumns) FROM dispute d
            WHERE state = 'lost' AND opened_at > 0 AND EXISTS (SELECT 1 FROM purchase p INNER JOIN lot l ON l.id = p.lot_id
              WHERE p.id = d.purchase_id AND l.held_micros = 0)
            ORDER BY opened_at, id LIMIT $1
            """, [.int(limit)]
        ).map { row throws(DatabaseError) in try row.dispute() }
    }

    /// What a bank can still take back of a purchase: what was paid, with its tax, less what was paid back.
    package func cashKept(of purchase: Purchase) throws(DatabaseError) -> Dollars {
        let tax = try invoice(of: purchase.id)?.sums.tax ?? .zero
        guard let refund = try refund(of: purchase.id) else { return purchase.paid + tax }
        return purchase.paid + tax - refund.cash - refund.tax
    }
}

extension SQLTransaction {
    /// Adds a dispute; its wallet, which is locked, freezes nothing from now on.
    package func open(_ dispute: Dispute, suspending wallet: inout WalletRow) throws(DatabaseError) {
        let claim = dispute.claim
        try execute(
            """
            INSERT INTO dispute (\(disputeColumns))
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            [
                .text(dispute.id.rawValue), .text(claim.organization.rawValue), .text(claim.purchase.rawValue),
                .text(claim.reference), .text(claim.reason), .text(claim.by), .time(dispute.openedAt),
                .int(dispute.openedSequence), .text(dispute.state.rawValue), .optional(dispute.decidedBy),
                .time(dispute.decidedAt), .integer(dispute.loss.micros), .time(dispute.closedAt),
                .optional(dispute.closedSequence.map { Int64($0) }), .optional(claim.amount?.micros),
            ])
        try count(1, of: &wallet)
    }

    /// Writes how far a dispute of a locked wallet is; the wallet freezes again when it was the last one.
    package func save(_ dispute: Dispute, of wallet: inout WalletRow) throws(DatabaseError) {
        try execute(
            """
            UPDATE dispute SET state = $1, decided_by = $2, decided_at = $3, loss_micros = $4, closed_at = $5,
              closed_seq = $6
            WHERE id = $7
            """,
            [
                .text(dispute.state.rawValue), .optional(dispute.decidedBy), .time(dispute.decidedAt),
                .integer(dispute.loss.micros), .time(dispute.closedAt),
                .optional(dispute.closedSequence.map { Int64($0) }), .text(dispute.id.rawValue),
            ])
        if !dispute.suspendsWallet { try count(-1, of: &wallet) }
    }

    private func count(_ change: Int, of wallet: inout WalletRow) throws(DatabaseError) {
        wallet.disputes += change
        try execute(
            "UPDATE wallet SET disputes = disputes + $1 WHERE organization_id = $2",
            [.int(change), .text(wallet.organization.rawValue)])
    }

    /// Books a lost dispute of a locked wallet: what is left of the purchase goes as a refund does, with its credit
    /// note, and what was used of it is lost. Of a part only the credits go that it had bought and that are free, and
    /// the rest of it is lost. False while running batches hold credits of the purchase.
    ///
    /// - Throws: `DisputeRefusal`, `DatabaseError`.
    package func chargeBack(
        _ dispute: inout Dispute, from wallet: inout WalletRow, seller: LegalEntity, ids: any IDSource
    ) throws -> Bool {
        let claim = dispute.claim
        guard let purchase = try purchase(claim.purchase), let lot = try lot(purchase.lot),
            var intent = try purchaseIntent(purchase.id, of: claim.organization)
        else { throw DatabaseError(.decoding, "dispute \(dispute.id) has no purchase") }
        if lot.held > .zero { return false }
        if let amount = claim.amount, amount < (try cashKept(of: purchase)) {
            try chargeBack(amount, of: purchase, lot, &dispute, from: &wallet, ids: ids)
            return true
        }
        if intent.state == .granted, lot.available > .zero {
            _ = try refund(
                purchase, reference: "dispute:\(claim.reference)", reason: claim.reason,
                by: dispute.decidedBy ?? claim.by, from: &wallet, seller: seller, ids: ids)
            try intent.become(.refunded, at: now)
            try save(intent)
        }
        let loss = try cashKept(of: purchase)
        if loss > .zero {
            _ = try post(LedgerTransaction.dispute(claim.reference, losing: loss), to: &wallet, ids: ids)
        }
        try dispute.chargeBack(losing: loss, at: now, sequence: wallet.ledgerSequence)
        try save(dispute, of: &wallet)
        return true
    }

    private func chargeBack(
        _ amount: Dollars, of purchase: Purchase, _ lot: Lot, _ dispute: inout Dispute, from wallet: inout WalletRow,
        ids: any IDSource
    ) throws {
        let tax = try invoice(of: purchase.id)?.sums.tax ?? .zero
        var lot = lot
        let (credits, cash) = lot.takeBack(
            boughtFor: amount.scaled(by: purchase.paid, over: purchase.paid + tax))
        if credits > .zero {
            try save([lot])
            wallet.available -= credits
        }
        _ = try post(
            LedgerTransaction.dispute(
                dispute.claim.reference, taking: credits, of: lot.id, for: cash, losing: amount - cash),
            to: &wallet, ids: ids)
        try dispute.chargeBack(losing: amount - cash, at: now, sequence: wallet.ledgerSequence)
        try save(dispute, of: &wallet)
    }
}
