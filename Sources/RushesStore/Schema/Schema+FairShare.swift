import RushesCore
import RushesDatabase

extension Schema {
    /// Weights and limits of organizations, and how many slots of each lane each of them holds: a count that changes
    /// with the lane's own, under the lane's lock.
    static func fairShare(_ dialect: SQLDialect) -> [String] {
        let statements = [
            """
            ALTER TABLE organization ADD COLUMN weight BIGINT NOT NULL DEFAULT 1 CHECK (weight BETWEEN 1 AND 1000)
            """,
            "ALTER TABLE organization ADD COLUMN max_in_flight BIGINT CHECK (max_in_flight > 0)",
            "ALTER TABLE lane ADD COLUMN looked_up_to TEXT",
            """
            CREATE TABLE lane_share (
              organization_id TEXT NOT NULL REFERENCES organization (id), lane_id TEXT NOT NULL REFERENCES lane (id),
              in_flight BIGINT NOT NULL CHECK (in_flight >= 0), served_at BIGINT,
              PRIMARY KEY (organization_id, lane_id)
            )
            """,
            "CREATE INDEX lane_share_lane ON lane_share (lane_id)",
            """
            INSERT INTO lane_share (organization_id, lane_id, in_flight)
            SELECT task.organization_id, attempt.lane_id, COUNT(*)
            FROM attempt INNER JOIN task ON task.id = attempt.task_id WHERE attempt.holds_slot = 1
            GROUP BY task.organization_id, attempt.lane_id
            """,
            """
            CREATE INDEX task_again ON task (batch_id, due_at, place) WHERE state = 'queued' AND deadline_at IS NOT NULL
            """,
            """
            CREATE INDEX batch_demand ON batch (lane_id, organization_id, running, id)
              WHERE \(LaneDemand.isWaiting)
            """,
        ]
        let seal = SchemaSeal.kept("lane_share").statements(dialect)
        switch dialect.name {
        case .sqlite: return statements + seal
        case .postgres: return statements.map(dialect.typed) + seal + [SchemaSeal.neverEmptied("lane_share")]
        }
    }
}
