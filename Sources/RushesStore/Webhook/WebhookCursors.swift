package import RushesCore
package import RushesDatabase

/// How far an organization's events are fanned out, and which events are written only for its endpoints.
package struct WebhookCursor: Sendable, Equatable {
    /// The organization.
    package let organization: OrganizationID
    /// The last event that is fanned out.
    package var fannedSequence: Int

    /// A cursor from its parts.
    package init(organization: OrganizationID, fannedSequence: Int) {
        self.organization = organization
        self.fannedSequence = fannedSequence
    }
}

extension SQLReading {
    /// Organizations with endpoints and with events that are not fanned out.
    ///
    /// It looks at a row for each organization with endpoints; what has been fanned out costs nothing.
    package func organizationsToFanOut(limit: Int) throws(DatabaseError) -> [OrganizationID] {
        try query(
            """
            SELECT c.organization_id FROM webhook_cursor c JOIN wallet w ON w.organization_id = c.organization_id
            WHERE w.event_seq > c.fanned_seq LIMIT $1
            """, [.int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, OrganizationIdentity.self) }
    }

    /// Those of some organizations for which an event is written for each task that ends.
    func organizationsWantingTasks(
        among organizations: Set<OrganizationID>
    ) throws(DatabaseError) -> Set<OrganizationID> {
        let list = SQLList(organizations.sorted().map(\.rawValue))
        return Set(
            try query(
                """
                SELECT organization_id FROM webhook_cursor WHERE wants_tasks = 1 AND organization_id IN (\(list.places))
                """, list.values
            ).map { row throws(DatabaseError) in try row.id(0, OrganizationIdentity.self) })
    }
}

extension SQLTransaction {
    /// Locks an organization's cursor.
    package func lockWebhookCursor(_ organization: OrganizationID) throws(DatabaseError) -> WebhookCursor? {
        try query(
            "SELECT fanned_seq FROM webhook_cursor WHERE organization_id = $1\(dialect.forUpdate)",
            [.text(organization.rawValue)]
        ).first.map { row throws(DatabaseError) in
            WebhookCursor(organization: organization, fannedSequence: try row.int(0))
        }
    }

    /// Makes an organization's cursor, at the newest event, unless it has one; locks it.
    package func makeWebhookCursor(_ organization: OrganizationID) throws(DatabaseError) -> WebhookCursor? {
        try execute(
            """
            INSERT INTO webhook_cursor (organization_id, fanned_seq, wants_tasks, wants_progress, tested_at, tests)
            SELECT organization_id, event_seq, 0, 0, 0, 0 FROM wallet WHERE organization_id = $1
            ON CONFLICT (organization_id) DO NOTHING
            """, [.text(organization.rawValue)])
        return try lockWebhookCursor(organization)
    }

    /// Writes how far a locked cursor is.
    package func save(_ cursor: WebhookCursor) throws(DatabaseError) {
        try enqueue(
            "UPDATE webhook_cursor SET fanned_seq = $1 WHERE organization_id = $2",
            [.int(cursor.fannedSequence), .text(cursor.organization.rawValue)])
    }

    /// Notes which events are to be written because an endpoint takes them; the cursor is locked.
    package func refreshWishes(of organization: OrganizationID) throws(DatabaseError) {
        let filters = try webhookEndpoints(of: organization).map(\.settings.filter)
        try execute(
            "UPDATE webhook_cursor SET wants_tasks = $1, wants_progress = $2 WHERE organization_id = $3",
            [
                .flag(filters.contains(where: \.takesTasks)),
                .flag(filters.contains { $0.takes(.batchProgress) }), .text(organization.rawValue),
            ])
    }

    /// Counts a test against the minute's limit of a locked cursor; false when the limit is reached.
    package func countTest(of organization: OrganizationID, max: Int) throws(DatabaseError) -> Bool {
        let minute = now.milliseconds / 60_000
        return try execute(
            """
            UPDATE webhook_cursor SET tests = CASE WHEN tested_at = $1 THEN tests + 1 ELSE 1 END, tested_at = $2
            WHERE organization_id = $3 AND (tested_at <> $4 OR tests < $5)
            """,
            [
                .integer(minute), .integer(minute), .text(organization.rawValue), .integer(minute), .int(max),
            ]) == 1
    }
}
