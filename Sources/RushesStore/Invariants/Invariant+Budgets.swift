import RushesCore
import RushesDatabase

extension SQLReading {
    /// What budgets have counted, against the batches.
    static var budgetQueries: [InvariantQuery] {
        [("key:", "api_key_id"), ("project:", "project")].flatMap { prefix, column in
            // Begins with the row of the budget, so that the batches of its subject are found by their index.
            let isPrefix = "substr(g.subject, 1, \(prefix.count)) = '\(prefix)'"
            let isSubject = "\(isPrefix) AND b.\(column) = substr(g.subject, \(prefix.count + 1))"
            return [
                InvariantQuery(
                    .budgetCountsItsBatches, naming: ["period", "from", "counted", "batches"],
                    """
                    SELECT g.subject, g.period, g.starts_at, g.used_micros,
                      CAST(COALESCE(SUM(b.unit_price_micros * (b.total - b.posted_failed)), 0) AS BIGINT)
                    FROM budget_use g LEFT JOIN batch b ON b.organization_id = g.organization_id AND \(isSubject)
                      AND b.created_at >= g.starts_at AND b.created_at < g.ends_at
                    WHERE g.organization_id = $1 AND \(isPrefix)
                    GROUP BY g.subject, g.period, g.starts_at, g.used_micros
                    HAVING g.used_micros <> COALESCE(SUM(b.unit_price_micros * (b.total - b.posted_failed)), 0)
                    """),
                InvariantQuery(
                    .budgetCountsItsBatches, naming: ["period", "missed"],
                    """
                    SELECT g.subject, g.period, b.id FROM budget g
                    INNER JOIN batch b ON b.organization_id = g.organization_id AND \(isSubject)
                      AND b.created_at >= g.counted_from
                    WHERE g.organization_id = $1 AND NOT EXISTS (SELECT 1 FROM budget_use u
                      WHERE u.organization_id = g.organization_id AND u.subject = g.subject AND u.period = g.period
                        AND u.starts_at <= b.created_at AND u.ends_at > b.created_at)
                    """),
            ]
        }
    }
}
