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

extension SQLReading {
    /// The purchase of a payment reference.
    package func purchase(reference: String) throws(DatabaseError) -> Purchase? {
        let rows = try query(
            """
            SELECT id, organization_id, reference, package_id, paid_micros, face_micros, lot_id, confirmed_at
            FROM purchase             WHERE reference = $1
            """, [.text(reference)])
        guard let row = rows.first else { return nil }
        return Purchase(
            id: try row.id(0, PurchaseIdentity.self), organization: try row.id(1, OrganizationIdentity.self),
            reference: try row.text(2), package: try row.optionalText(3), paid: try row.dollars(4),
            face: try row.credits(5), lot: try row.id(6, LotIdentity.self), confirmedAt: try row.time(7))
    }
}

extension SQLTransaction {
    /// Grants a purchase's credits as a lot of a locked wallet and posts it.
    package func grant(
        _ purchase: Purchase, origin: LotOrigin, to wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) -> PostedTransaction {
        wallet.lotSequence += 1
        wallet.available += purchase.face
        let lot = Lot(
            granting: purchase.face, paid: purchase.paid, origin: origin, id: purchase.lot, sequence: wallet.lotSequence
        )
        try insert(lot, of: wallet.organization)
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
        return try post(
            LedgerTransaction.purchase(of: lot, paymentReference: purchase.reference), to: &wallet, ids: ids)
    }
}
