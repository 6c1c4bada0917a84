package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What does not hold in what an organization's endpoints are told.
    package func violations(ofWebhooksOf organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        // Batches from before ends were numbered have the later ones only.
        let ends = InvariantQuery(
            .endsAreNumbered, naming: ["ended", "last number", "numbers", "span"],
            """
            SELECT b.id, b.succeeded + b.failed, MAX(t.last), CAST(SUM(t.last - t.first + 1) AS BIGINT),
              MAX(t.last) - MIN(t.first) + 1
            FROM batch b JOIN task_end t ON t.batch_id = b.id
            WHERE b.organization_id = $1 AND b.tasks_removed_at IS NULL GROUP BY b.id, b.succeeded, b.failed
            HAVING MAX(t.last) <> b.succeeded + b.failed
              OR SUM(t.last - t.first + 1) <> MAX(t.last) - MIN(t.first) + 1
            """)
        let cursor = InvariantQuery(
            .fanOutIsBehindTheFeed, naming: ["fanned out", "last number"],
            """
            SELECT c.organization_id, c.fanned_seq, w.event_seq
            FROM webhook_cursor c JOIN wallet w ON w.organization_id = c.organization_id
            WHERE c.organization_id = $1 AND c.fanned_seq > w.event_seq
            """)
        let attempts = InvariantQuery(
            .deliveryIsItsAttempts, naming: ["state", "attempts", "lines of the log", "body is kept", "removed at"],
            """
            SELECT d.id, d.state, d.attempts, COUNT(a.number), MIN(CASE WHEN m.body = '' THEN 0 ELSE 1 END),
              d.expunged_at
            FROM webhook_endpoint e JOIN webhook_delivery d ON d.endpoint_id = e.id
              JOIN webhook_message m ON m.event_id = d.event_id
              LEFT JOIN webhook_attempt a ON a.delivery_id = d.id
            WHERE e.organization_id = $1 GROUP BY d.id, d.state, d.attempts, d.expunged_at
            HAVING COUNT(a.number) <> CASE WHEN d.expunged_at IS NOT NULL THEN 0 WHEN d.state = 'sending'
                THEN d.attempts - 1 ELSE d.attempts END
              OR (d.expunged_at IS NULL AND MIN(CASE WHEN m.body = '' THEN 0 ELSE 1 END) = 0)
            """)
        let queues = InvariantQuery(
            .queueIsLookedAt, naming: ["looked at", "rests until", "first is due"],
            """
            SELECT e.id, e.due_at, e.rests_until, MIN(d.due_at)
            FROM webhook_endpoint e JOIN webhook_delivery d ON d.endpoint_id = e.id AND d.state = 'pending'
            WHERE e.organization_id = $1 GROUP BY e.id, e.due_at, e.rests_until
            HAVING e.due_at IS NULL OR (e.due_at > $2
              AND e.due_at > CASE WHEN e.rests_until > MIN(d.due_at) THEN e.rests_until ELSE MIN(d.due_at) END)
            """)
        let values: [SQLValue] = [.text(organization.rawValue)]
        return try ends.violations(in: self, values) + cursor.violations(in: self, values)
            + queues.violations(in: self, values + [.time(now)]) + attempts.violations(in: self, values)
    }
}
