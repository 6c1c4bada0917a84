package import RushesCore
package import RushesDatabase

/// Credits that an operator gave away.
package struct CreditGrant: Sendable, Equatable {
    /// The gift.
    package let id: GrantID
    /// Who got it.
    package let organization: OrganizationID
    /// The kind of lot: `promo` or `sla_credit`.
    package let origin: LotOrigin
    /// How much.
    package let face: Credits
    /// When what is left of it goes; nil for never.
    package let expiresAt: Timestamp?
    /// What it is unique by for ever.
    package let reference: String
    /// Why, for people; of an SLA credit its calculation.
    package let reason: String
    /// Which operator.
    package let by: String
    /// The lot.
    package let lot: LotID
    /// When.
    package let createdAt: Timestamp

    /// A gift from its parts.
    package init(
        id: GrantID, organization: OrganizationID, origin: LotOrigin, face: Credits, expiresAt: Timestamp?,
        reference: String, reason: String, by: String, lot: LotID, createdAt: Timestamp
    ) {
        self.id = id
        self.organization = organization
        self.origin = origin
        self.face = face
        self.expiresAt = expiresAt
        self.reference = reference
        self.reason = reason
        self.by = by
        self.lot = lot
        self.createdAt = createdAt
    }
}

extension SQLReading {
    /// The gift of a reference.
    package func creditGrant(reference: String) throws(DatabaseError) -> CreditGrant? {
        try query(
            """
            SELECT id, organization_id, origin, face_micros, expires_at, reason, granted_by, lot_id, created_at
            FROM credit_grant WHERE reference = $1
            """, [.text(reference)]
        ).first.map { row throws(DatabaseError) in
            CreditGrant(
                id: try row.id(0, GrantIdentity.self), organization: try row.id(1, OrganizationIdentity.self),
                origin: try row.value(2, LotOrigin.self), face: try row.credits(3), expiresAt: try row.optionalTime(4),
                reference: reference, reason: try row.text(5), by: try row.text(6),
                lot: try row.id(7, LotIdentity.self), createdAt: try row.time(8))
        }
    }
}

extension SQLTransaction {
    /// Adds a gift to a locked wallet and posts it.
    package func give(
        _ grant: CreditGrant, to wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) -> PostedTransaction {
        let lot = try add(
            to: &wallet, granting: grant.face, paid: .zero, origin: grant.origin, id: grant.lot,
            expiresAt: grant.expiresAt)
        try execute(
            """
            INSERT INTO credit_grant (id, organization_id, origin, face_micros, expires_at, reference, reason,
              granted_by, lot_id, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                .text(grant.id.rawValue), .text(grant.organization.rawValue), .text(grant.origin.rawValue),
                .integer(grant.face.micros), .time(grant.expiresAt), .text(grant.reference), .text(grant.reason),
                .text(grant.by), .text(grant.lot.rawValue), .time(grant.createdAt),
            ])
        return try post(LedgerTransaction.grant(of: lot, reference: grant.reference), to: &wallet, ids: ids)
    }
}
