package import RushesCore
package import RushesDatabase

/// An API key without its secret.
package struct APIKey: Sendable, Equatable {
    /// The key's public part.
    package let id: APIKeyID
    /// Whose key it is.
    package let organization: OrganizationID
    /// What the operator called it.
    package let label: String
    /// When it was made.
    package let createdAt: Timestamp

    /// A key from its parts.
    package init(id: APIKeyID, organization: OrganizationID, label: String, createdAt: Timestamp) {
        self.id = id
        self.organization = organization
        self.label = label
        self.createdAt = createdAt
    }
}

/// An organization as operators see it.
package struct OrganizationRecord: Sendable, Equatable {
    /// The organization.
    package let id: OrganizationID
    /// Its name for people.
    package let name: String
    /// Its part of every lane beside the others' parts.
    package let weight: Int
    /// Jobs at the same time over all lanes, at most; nil without a limit.
    package let maxInFlight: Int?
    /// When it was added.
    package let createdAt: Timestamp
    /// The slots that it holds now, by lane.
    package let slots: [LaneID: Int]

    /// Slots that it holds over all lanes.
    package var inFlight: Int { slots.values.reduce(0, +) }
}

extension SQLReading {
    /// An organization with its slots.
    package func organization(_ id: OrganizationID) throws(DatabaseError) -> OrganizationRecord? {
        let rows = try query(
            "SELECT name, weight, max_in_flight, created_at FROM organization WHERE id = $1", [.text(id.rawValue)])
        guard let row = rows.first else { return nil }
        var slots: [LaneID: Int] = [:]
        for share in try query(
            "SELECT lane_id, in_flight FROM lane_share WHERE organization_id = $1", [.text(id.rawValue)])
        {
            slots[LaneID(try share.text(0))] = try share.int(1)
        }
        return OrganizationRecord(
            id: id, name: try row.text(0), weight: try row.int(1),
            maxInFlight: try row.optionalInteger(2).map(Int.init), createdAt: try row.time(3), slots: slots)
    }

    /// The key whose secret has this SHA-256, unless it was revoked.
    package func apiKey(secretHash: String) throws(DatabaseError) -> APIKey? {
        let rows = try query(
            """
            SELECT id, organization_id, label, created_at FROM api_key WHERE secret_hash = $1 AND revoked_at IS NULL
            """, [.text(secretHash)])
        guard let row = rows.first else { return nil }
        return APIKey(
            id: try row.id(0, APIKeyIdentity.self), organization: try row.id(1, OrganizationIdentity.self),
            label: try row.text(2), createdAt: try row.time(3))
    }

    /// True when the organization exists.
    package func organizationExists(_ organization: OrganizationID) throws(DatabaseError) -> Bool {
        try !query("SELECT 1 FROM organization WHERE id = $1", [.text(organization.rawValue)]).isEmpty
    }
}

extension SQLTransaction {
    /// Adds an organization with its empty wallet.
    package func insertOrganization(_ id: OrganizationID, name: String) throws(DatabaseError) {
        try execute(
            "INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)",
            [.text(id.rawValue), .text(name), .time(now)])
        try execute(
            """
            INSERT INTO wallet (organization_id, available_micros, held_micros, ledger_seq, chain_head, lot_seq,
              event_seq)
            VALUES ($1, 0, 0, 0, $2, 0, 0)
            """, [.text(id.rawValue), .text(LedgerChain.genesis)])
    }

    /// Sets an organization's weight and limit; what runs above a lower limit goes on. Answers false when there is no
    /// such organization.
    package func limit(
        _ id: OrganizationID, weight: Int, maxInFlight: Int?
    ) throws(DatabaseError) -> Bool {
        try execute(
            "UPDATE organization SET weight = $1, max_in_flight = $2 WHERE id = $3",
            [.int(weight), .optional(maxInFlight.map(Int64.init)), .text(id.rawValue)]) == 1
    }

    /// Adds a key; only the SHA-256 of its secret is kept.
    package func insert(_ key: APIKey, secretHash: String) throws(DatabaseError) {
        try execute(
            "INSERT INTO api_key (id, organization_id, secret_hash, label, created_at) VALUES ($1, $2, $3, $4, $5)",
            [
                .text(key.id.rawValue), .text(key.organization.rawValue), .text(secretHash), .text(key.label),
                .time(key.createdAt),
            ])
    }
}
