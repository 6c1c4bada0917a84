package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What does not hold in an organization's feed of events.
    package func violations(ofEventsOf organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        let numbers = InvariantQuery(
            .eventsWithoutGap, naming: ["last number", "events", "highest", "removed"],
            """
            WITH removed AS (
              SELECT COALESCE(SUM(events), 0) AS events FROM task_removal WHERE organization_id = $1)
            SELECT w.organization_id, w.event_seq, COUNT(e.seq), COALESCE(MAX(e.seq), 0), CAST(removed.events AS BIGINT)
            FROM wallet w CROSS JOIN removed LEFT JOIN event e ON e.organization_id = w.organization_id
            WHERE w.organization_id = $1 GROUP BY w.organization_id, w.event_seq, removed.events
            HAVING w.event_seq <> COUNT(e.seq) + removed.events OR w.event_seq < COALESCE(MAX(e.seq), 0)
            """)
        let endings = InvariantQuery(
            .endingIsAnnouncedOnce, naming: ["status", "events of an ending"],
            """
            SELECT b.id, b.status, COUNT(e.seq)
            FROM batch b LEFT JOIN event e ON e.batch_id = b.id
              AND e.type IN ('batch.completed', 'batch.partial', 'batch.failed')
            WHERE b.organization_id = $1 GROUP BY b.id, b.status, b.finished_at
            HAVING COUNT(e.seq) <> CASE WHEN b.finished_at IS NULL THEN 0 ELSE 1 END
              OR COUNT(CASE WHEN e.type = 'batch.' || b.status THEN 1 END) <> COUNT(e.seq)
            """)
        return try numbers.violations(in: self, [.text(organization.rawValue)])
            + endings.violations(in: self, [.text(organization.rawValue)])
    }
}
