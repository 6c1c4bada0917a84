import RushesDatabase

extension Schema {
    /// Where tasks wait that went over to another lane than their batch's, and what operators did to lanes.
    static func failover(_ dialect: SQLDialect) -> [String] {
        let seals = laneAppendOnlyTables.flatMap(SchemaSeal.appendOnly).flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: failoverTables + seals
        case .postgres:
            failoverTables.map(dialect.typed) + laneAppendOnlyTables.map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows never change.
    static let laneAppendOnlyTables = ["lane_act"]

    private static let failoverTables = [
        "ALTER TABLE task ADD COLUMN waiting_lane_id TEXT REFERENCES lane (id)",
        """
        CREATE INDEX task_apart ON task (waiting_lane_id, due_at)
          WHERE state = 'queued' AND waiting_lane_id IS NOT NULL
        """,
        """
        CREATE TABLE lane_act (
          lane_id TEXT NOT NULL REFERENCES lane (id), number BIGINT NOT NULL CHECK (number > 0),
          subject TEXT NOT NULL
            CHECK (subject IN ('control', 'max_in_flight', 'creates_per_minute', 'polls_per_minute')),
          value_before TEXT, value_after TEXT, reason TEXT, acted_by TEXT, acted_at BIGINT NOT NULL,
          PRIMARY KEY (lane_id, number),
          CHECK (subject IN ('max_in_flight', 'creates_per_minute')
            OR (value_before IS NOT NULL AND value_after IS NOT NULL))
        )
        """,
        "CREATE INDEX lane_act_time ON lane_act (acted_at, lane_id, number)",
    ]
}
