package import RushesCore
package import RushesDatabase

/// A confirmed purchase of credits.
package struct Purchase: Sendable, Equatable {
    /// The purchase.
    package let id: PurchaseID
    /// Who bought.
    package let organization: OrganizationID
    /// The payment's reference, unique for ever.
    package let reference: String
    /// The package, if one was bought.
    package let package: String?
    /// Cash received.
    package let paid: Dollars
    /// Credits granted.
    package let face: Credits
    /// The lot.
    package let lot: LotID
    /// When the credits were granted.
    package let confirmedAt: Timestamp

    /// A purchase from its parts.
    package init(
        id: PurchaseID, organization: OrganizationID, reference: String, package: String?, paid: Dollars, face: Credits,
        lot: LotID, confirmedAt: Timestamp
    ) {
        self.id = id
        self.organization = organization
        self.reference = reference
        self.package = package
        self.paid = paid
        self.face = face
        self.lot = lot
        self.confirmedAt = confirmedAt
    }
}

private let purchaseColumns = """
    id, organization_id, reference, package_id, paid_micros, face_micros, lot_id, confirmed_at
    """

extension SQLRow {
    fileprivate func purchase() throws(DatabaseError) -> Purchase {
        Purchase(
            id: try id(0, PurchaseIdentity.self), organization: try id(1, OrganizationIdentity.self),
            reference: try text(2), package: try optionalText(3), paid: try dollars(4), face: try credits(5),
            lot: try id(6, LotIdentity.self), confirmedAt: try time(7))
    }
}

extension SQLReading {
    /// The purchase of a payment reference.
    package func purchase(reference: String) throws(DatabaseError) -> Purchase? {
        try query("SELECT \(purchaseColumns) FROM purchase WHERE reference = $1", [.text(reference)])
            .first?.purchase()
    }

    /// A granted purchase.
    package func purchase(_ id: PurchaseID) throws(DatabaseError) -> Purchase? {
        try query("SELECT \(purchaseColumns) FROM purchase WHERE id = $1", [.text(id.rawValue)]).first?.purchase()
    }
}

extension SQLTransaction {
    /// Grants a purchase's credits as a lot of a locked wallet and posts it, with the tax that was paid on top; its
    /// invoice is issued with it.
    package func grant(
        _ purchase: Purchase, origin: LotOrigin, seller: LegalEntity, to wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) -> PostedTransaction {
        guard let buyer = try billingProfile(of: purchase.organization) else {
            throw DatabaseError(.decoding, "purchase \(purchase.id) belongs to nobody")
        }
        let invoice = InvoiceDraft.purchase(
            purchase.id, PurchaseOffer(package: purchase.package, paid: purchase.paid, face: purchase.face),
            payment: Invoice.Payment(reference: purchase.reference, at: purchase.confirmedAt), buyer: buyer)
        let lot = try add(
            to: &wallet, granting: purchase.face, paid: purchase.paid, origin: origin, id: purchase.lot)
        try execute(
            """
            INSERT INTO purchase (id, organization_id, reference, package_id, paid_micros, face_micros, lot_id,
              confirmed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            [
                .text(purchase.id.rawValue), .text(purchase.organization.rawValue), .text(purchase.reference),
                .optional(purchase.package), .integer(purchase.paid.micros), .integer(purchase.face.micros),
                .text(purchase.lot.rawValue), .time(purchase.confirmedAt),
            ])
        let posted = try post(
            LedgerTransaction.purchase(of: lot, paymentReference: purchase.reference, tax: invoice.sums.tax),
            to: &wallet, ids: ids)
        _ = try issue(invoice, from: seller, to: purchase.organization, ids: ids)
        return posted
    }

    /// Adds a lot to a locked wallet, whose sums it changes.
    func add(
        to wallet: inout WalletRow, granting face: Credits, paid: Dollars, origin: LotOrigin, id: LotID,
        expiresAt: Timestamp? = nil
    ) throws(DatabaseError) -> Lot {
        wallet.lotSequence += 1
        wallet.available += face
        let lot = Lot(
            granting: face, paid: paid, origin: origin, id: id, sequence: wallet.lotSequence, expiresAt: expiresAt)
        try insert(lot, of: wallet.organization)
        return lot
    }
}
