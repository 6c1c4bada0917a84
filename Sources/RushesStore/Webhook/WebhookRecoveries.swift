package import RushesCore
package import RushesDatabase

/// A customer's request to send once more what an endpoint did not get.
package struct WebhookRecovery: Sendable, Equatable {
    /// Identifier, `rcv_...`.
    package let id: WebhookRecoveryID
    /// Whose.
    package let organization: OrganizationID
    /// To which endpoint.
    package let endpoint: WebhookEndpointID
    /// From deliveries of this time on.
    package let since: Timestamp
    /// To deliveries of this time.
    package let until: Timestamp
    /// The last event that is done.
    package var lastSequence: Int
    /// Deliveries that were found when it was asked for.
    package let total: Int
    /// Deliveries that were made.
    package var enqueued: Int
    /// When it was asked for.
    package let createdAt: Timestamp
    /// When the last one was made.
    package var endedAt: Timestamp?

    /// A recovery from its parts.
    package init(
        id: WebhookRecoveryID, organization: OrganizationID, endpoint: WebhookEndpointID, since: Timestamp,
        until: Timestamp, lastSequence: Int, total: Int, enqueued: Int, createdAt: Timestamp, endedAt: Timestamp?
    ) {
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.since = since
        self.until = until
        self.lastSequence = lastSequence
        self.total = total
        self.enqueued = enqueued
        self.createdAt = createdAt
        self.endedAt = endedAt
    }
}

private let recoveryColumns =
    "id, organization_id, endpoint_id, since, until, last_seq, total, enqueued, created_at, ended_at"

extension SQLRow {
    fileprivate func webhookRecovery() throws(DatabaseError) -> WebhookRecovery {
        WebhookRecovery(
            id: try id(0, WebhookRecoveryIdentity.self), organization: try id(1, OrganizationIdentity.self),
            endpoint: try id(2, WebhookEndpointIdentity.self), since: try time(3), until: try time(4),
            lastSequence: try int(5), total: try int(6), enqueued: try int(7), createdAt: try time(8),
            endedAt: try optionalTime(9))
    }
}

extension SQLReading {
    /// A recovery of an organization.
    package func webhookRecovery(
        _ id: WebhookRecoveryID, of organization: OrganizationID
    ) throws(DatabaseError) -> WebhookRecovery? {
        try query(
            "SELECT \(recoveryColumns) FROM webhook_recovery WHERE id = $1 AND organization_id = $2",
            [.text(id.rawValue), .text(organization.rawValue)]
        ).first?.webhookRecovery()
    }

    /// Recoveries that are under way.
    package func openWebhookRecoveries(limit: Int) throws(DatabaseError) -> [WebhookRecovery] {
        try query(
            "SELECT \(recoveryColumns) FROM webhook_recovery WHERE ended_at IS NULL AND id > '' ORDER BY id LIMIT $1",
            [.int(limit)]
        ).map { row throws(DatabaseError) in try row.webhookRecovery() }
    }

    /// How much was sent to an endpoint in vain in a span of time, counted up to a limit.
    package func countOfLostDeliveries(
        to endpoint: WebhookEndpointID, since: Timestamp, until: Timestamp, max: Int
    ) throws(DatabaseError) -> Int {
        let rows = try query(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM webhook_delivery
              WHERE endpoint_id = $1 AND is_replayed = 0 AND event_seq IS NOT NULL
                AND (state = 'exhausted' OR state = 'skipped') AND created_at >= $2 AND created_at <= $3 LIMIT $4) lost
            """, [.text(endpoint.rawValue), .time(since), .time(until), .int(max)])
        return try rows.first?.int(0) ?? 0
    }
}

extension SQLTransaction {
    /// Adds a recovery.
    package func insert(_ recovery: WebhookRecovery) throws(DatabaseError) {
        try execute(
            """
            INSERT INTO webhook_recovery (\(recoveryColumns)) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            [
                .text(recovery.id.rawValue), .text(recovery.organization.rawValue),
                .text(recovery.endpoint.rawValue), .time(recovery.since), .time(recovery.until),
                .int(recovery.lastSequence), .int(recovery.total), .int(recovery.enqueued),
                .time(recovery.createdAt), .time(recovery.endedAt),
            ])
    }

    /// Writes how far a recovery is; its endpoint is locked. False when somebody else went on with it meanwhile.
    package func save(_ recovery: WebhookRecovery, after sequence: Int) throws(DatabaseError) -> Bool {
        try execute(
            """
            UPDATE webhook_recovery SET last_seq = $1, enqueued = $2, ended_at = $3
            WHERE id = $4 AND last_seq = $5 AND ended_at IS NULL
            """,
            [
                .int(recovery.lastSequence), .int(recovery.enqueued), .time(recovery.endedAt),
                .text(recovery.id.rawValue), .int(sequence),
            ]) == 1
    }
}
