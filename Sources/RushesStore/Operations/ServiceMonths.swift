package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// The next batches of an organization that may have tasks which ended in a month, in the order of their ids.
    package func batchesOfServiceMonth(
        _ month: CalendarMonth, of organization: OrganizationID, after id: String, limit: Int
    ) throws(DatabaseError) -> [BatchID] {
        // By the times in the rows and not by those in the ids: how long a batch may stay open has no bound.
        try query(
            """
            SELECT id FROM batch WHERE organization_id = $1 AND id > $2 AND created_at < $3
              AND (finished_at IS NULL OR finished_at >= $4) ORDER BY id LIMIT $5
            """,
            [.text(organization.rawValue), .text(id), .time(month.next.start), .time(month.start), .int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, BatchIdentity.self) }
    }

    /// What came of an organization's tasks which ended in a month, batch by batch from one to another: the numbers
    /// that `ServiceLevel.count` gives, added up where the tasks are.
    package func serviceMonths(
        _ month: CalendarMonth, of organization: OrganizationID, from first: BatchID, through last: BatchID
    ) throws(DatabaseError) -> [ServiceMonth] {
        // CROSS JOIN: SQLite reads the batches first, and their tasks by their batch; and both are in one statement, so
        // that a task which is being removed is in one of the two.
        try query(
            """
            SELECT b.model, \(Self.sum("t.state = 'succeeded'")),
              \(Self.sum("t.state = 'succeeded' AND \(Self.isInTime)")),
              \(Self.sum("t.failure_type = 'timed_out'")),
              CAST(SUM(CASE WHEN t.state = 'succeeded' THEN b.unit_price_micros ELSE 0 END) AS BIGINT)
            FROM batch b CROSS JOIN task t
            WHERE b.organization_id = $1 AND b.id >= $2 AND b.id <= $3 AND b.created_at < $4
              AND (b.finished_at IS NULL OR b.finished_at >= $5) AND t.batch_id = b.id
              AND t.finished_at < $4 AND t.finished_at >= $5
            GROUP BY b.id
            UNION ALL
            SELECT b.model, s.succeeded, s.within_target, s.timed_out, s.succeeded * b.unit_price_micros
            FROM batch b CROSS JOIN task_sum s
            WHERE b.organization_id = $1 AND b.id >= $2 AND b.id <= $3 AND s.batch_id = b.id AND s.month = $6
            """,
            [
                .text(organization.rawValue), .text(first.rawValue), .text(last.rawValue), .time(month.next.start),
                .time(month.start), .int(month.number),
            ]
        ).map { row throws(DatabaseError) in
            ServiceMonth(
                organization: organization,
                level: ServiceLevel(
                    model: try row.text(0), month: month, delivered: try row.int(1), withinTarget: try row.int(2),
                    timedOut: try row.int(3)),
                charged: try row.credits(4))
        }
    }

    /// How many rows fulfil a condition.
    private static func sum(_ condition: String) -> String {
        "CAST(SUM(CASE WHEN \(condition) THEN 1 ELSE 0 END) AS BIGINT)"
    }

    /// Within the batch's promise; the task's own deadline is all that is known where the promise was not kept in the
    /// batch.
    private static var isInTime: String {
        """
        t.finished_at <=
          COALESCE(COALESCE(t.dispatched_at, t.created_at) + b.sla_seconds * 1000, t.deadline_at, t.finished_at)
        """
    }

    /// The catalogue that was in force at the last moment of a month; nil before the first one.
    package func priceBook(atEndOf month: CalendarMonth) throws(DatabaseError) -> PriceBook? {
        try priceBooks(around: month.next.start).before?.book
    }
}
