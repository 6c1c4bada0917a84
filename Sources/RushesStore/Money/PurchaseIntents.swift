package import RushesCore
package import RushesDatabase

/// What is left of a purchase goes back.
package struct PurchaseRefund: Sendable, Equatable {
    /// The purchase.
    package let purchase: PurchaseID
    /// Credits taken back.
    package let credits: Credits
    /// Cash paid back.
    package let cash: Dollars
    /// Tax paid back on top of it.
    package let tax: Dollars
    /// The reference of the payment back, unique for ever.
    package let reference: String
    /// Why.
    package let reason: String
    /// Which operator.
    package let by: String
    /// When.
    package let createdAt: Timestamp
}

private let intentColumns = """
    id, organization_id, request_id, package_id, paid_micros, face_micros, state, created_at, changed_at
    """

extension SQLRow {
    fileprivate func purchaseIntent() throws(DatabaseError) -> PurchaseIntent {
        PurchaseIntent(
            id: try id(0, PurchaseIdentity.self), organization: try id(1, OrganizationIdentity.self),
            requestID: try optionalText(2),
            offer: PurchaseOffer(package: try optionalText(3), paid: try dollars(4), face: try credits(5)),
            createdAt: try time(7), state: try value(6, PurchaseIntent.State.self), changedAt: try time(8))
    }
}

extension SQLReading {
    /// A purchase of an organization, in whatever state.
    package func purchaseIntent(
        _ id: PurchaseID, of organization: OrganizationID
    ) throws(DatabaseError) -> PurchaseIntent? {
        try query(
            "SELECT \(intentColumns) FROM purchase_intent WHERE id = $1 AND organization_id = $2",
            [.text(id.rawValue), .text(organization.rawValue)]
        ).first?.purchaseIntent()
    }

    /// Whose purchase it is.
    package func organization(of purchase: PurchaseID) throws(DatabaseError) -> OrganizationID? {
        try query("SELECT organization_id FROM purchase_intent WHERE id = $1", [.text(purchase.rawValue)])
            .first?.id(0, OrganizationIdentity.self)
    }

    /// The purchase that a customer opened under a key.
    package func purchaseIntent(
        requestID: String, of organization: OrganizationID
    ) throws(DatabaseError) -> PurchaseIntent? {
        try query(
            "SELECT \(intentColumns) FROM purchase_intent WHERE organization_id = $1 AND request_id = $2",
            [.text(organization.rawValue), .text(requestID)]
        ).first?.purchaseIntent()
    }

    /// Purchases of an organization, the newest first, before one of them.
    package func purchaseIntents(
        of organization: OrganizationID, before id: PurchaseID?, limit: Int
    ) throws(DatabaseError) -> [PurchaseIntent] {
        try query(
            """
            SELECT \(intentColumns) FROM purchase_intent WHERE organization_id = $1 AND id < $2
            ORDER BY id DESC LIMIT $3
            """, [.text(organization.rawValue), .text(id?.rawValue ?? "pur_~"), .int(limit)]
        ).map { row throws(DatabaseError) in try row.purchaseIntent() }
    }

    /// Purchases that wait for their payment: how many, up to a limit.
    package func pendingPurchases(
        of organization: OrganizationID, limit: Int
    ) throws(DatabaseError) -> [PurchaseIntent] {
        try query(
            """
            SELECT \(intentColumns) FROM purchase_intent WHERE organization_id = $1 AND state = 'pending'
            ORDER BY id LIMIT $2
            """, [.text(organization.rawValue), .int(limit)]
        ).map { row throws(DatabaseError) in try row.purchaseIntent() }
    }

    /// The payment back of a purchase.
    package func refund(of purchase: PurchaseID) throws(DatabaseError) -> PurchaseRefund? {
        try query(
            """
            SELECT credits_micros, cash_micros, reference, reason, refunded_by, created_at, tax_micros
            FROM purchase_refund
            WHERE purchase_id = $1
            """, [.text(purchase.rawValue)]
        ).first.map { row throws(DatabaseError) in
            PurchaseRefund(
                purchase: purchase, credits: try row.credits(0), cash: try row.dollars(1), tax: try row.dollars(6),
                reference: try row.text(2), reason: try row.text(3), by: try row.text(4), createdAt: try row.time(5))
        }
    }

    /// The purchase that a payment back belongs to.
    package func purchaseRefunded(by reference: String) throws(DatabaseError) -> PurchaseID? {
        try query("SELECT purchase_id FROM purchase_refund WHERE reference = $1", [.text(reference)])
            .first?.id(0, PurchaseIdentity.self)
    }
}

extension SQLTransaction {
    /// Adds a purchase of an organization whose wallet is locked.
    package func insert(_ intent: PurchaseIntent) throws(DatabaseError) {
        try execute(
            "INSERT INTO purchase_intent (\(intentColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                .text(intent.id.rawValue), .text(intent.organization.rawValue), .optional(intent.requestID),
                .optional(intent.offer.package), .integer(intent.offer.paid.micros),
                .integer(intent.offer.face.micros), .text(intent.state.rawValue), .time(intent.createdAt),
                .time(intent.changedAt),
            ])
    }

    /// Writes how far a purchase is; its organization's wallet is locked.
    package func save(_ intent: PurchaseIntent) throws(DatabaseError) {
        try execute(
            "UPDATE purchase_intent SET state = $1, changed_at = $2 WHERE id = $3",
            [.text(intent.state.rawValue), .time(intent.changedAt), .text(intent.id.rawValue)])
    }

    /// Pays back what is left of a purchase: its free credits are taken out of a locked wallet, and the cash that waits
    /// for them goes, with its tax. A credit note says so to the customer, where there is an invoice.
    ///
    /// - Throws: `RefundRefusal`, `DatabaseError`.
    package func refund(
        _ purchase: Purchase, reference: String, reason: String, by name: String, from wallet: inout WalletRow,
        seller: LegalEntity, ids: any IDSource
    ) throws -> PurchaseRefund {
        guard var lot = try lot(purchase.lot) else {
            throw DatabaseError(.decoding, "purchase \(purchase.id) has no lot")
        }
        let (credits, cash) = try lot.refund()
        let draft = try creditNote(for: credits, cash, of: purchase, reason: reason, repayment: reference)
        let refund = PurchaseRefund(
            purchase: purchase.id, credits: credits, cash: cash, tax: draft?.sums.tax ?? .zero, reference: reference,
            reason: reason, by: name, createdAt: now)
        try save([lot])
        wallet.available -= credits
        try execute(
            """
            INSERT INTO purchase_refund (purchase_id, organization_id, credits_micros, cash_micros, reference, reason,
              refunded_by, created_at, tax_micros)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """,
            [
                .text(purchase.id.rawValue), .text(purchase.organization.rawValue), .integer(credits.micros),
                .integer(cash.micros), .text(reference), .text(reason), .text(name), .time(now),
                .integer(refund.tax.micros),
            ])
        _ = try post(
            LedgerTransaction.refund(
                of: lot.id, purchase: purchase.id, credits: credits, cash: cash, tax: refund.tax),
            to: &wallet, ids: ids)
        if let draft { _ = try issue(draft, from: seller, to: purchase.organization, ids: ids) }
        return refund
    }

    /// What takes back a part of a purchase's invoice; nil where there is none.
    private func creditNote(
        for credits: Credits, _ cash: Dollars, of purchase: Purchase, reason: String, repayment: String
    ) throws(DatabaseError) -> InvoiceDraft? {
        guard let invoice = try invoice(of: purchase.id),
            let buyer = try billingProfile(of: purchase.organization)
        else { return nil }
        return .credit(
            credits, cash, of: invoice, saying: try invoice.content(), to: buyer, reason: reason, repayment: repayment)
    }
}
