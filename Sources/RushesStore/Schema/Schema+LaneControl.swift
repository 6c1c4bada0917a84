import RushesCore
import RushesDatabase

extension Schema {
    /// What lanes and provider accounts remember of refusals, what operators decide about lanes, and what lanes learn
    /// of the time that their jobs take. The column `consecutive_faults` of a lane is of no more use; programs of the
    /// release before still write it.
    static func laneControl(_ dialect: SQLDialect) -> [String] {
        let statements = [
            """
            CREATE TABLE provider_account (
              name TEXT PRIMARY KEY,
              breaker TEXT NOT NULL CHECK (breaker IN ('closed', 'open', 'half_open')), cause TEXT,
              faults BIGINT NOT NULL DEFAULT 0 CHECK (faults >= 0),
              poll_faults BIGINT NOT NULL DEFAULT 0 CHECK (poll_faults >= 0),
              changed_at BIGINT, probe_at BIGINT, openings BIGINT NOT NULL DEFAULT 0 CHECK (openings >= 0),
              polls_per_minute BIGINT NOT NULL DEFAULT \(Limits.pollsPerMinuteDefault) CHECK (polls_per_minute > 0),
              CHECK ((breaker = 'closed') = (probe_at IS NULL))
            )
            """,
            """
            ALTER TABLE lane ADD COLUMN control TEXT NOT NULL DEFAULT 'running'
              CHECK (control IN ('running', 'paused', 'killed'))
            """,
            "ALTER TABLE lane ADD COLUMN control_reason TEXT",
            "ALTER TABLE lane ADD COLUMN controlled_at BIGINT",
            "ALTER TABLE lane ADD COLUMN limit_in_flight BIGINT CHECK (limit_in_flight > 0)",
            "ALTER TABLE lane ADD COLUMN limit_per_minute BIGINT CHECK (limit_per_minute > 0)",
            """
            ALTER TABLE lane ADD COLUMN ceiling_permille BIGINT NOT NULL DEFAULT 1000
              CHECK (ceiling_permille BETWEEN 1 AND 1000)
            """,
            "ALTER TABLE lane ADD COLUMN resumed_at BIGINT",
            """
            ALTER TABLE lane ADD COLUMN pause_milliseconds BIGINT NOT NULL DEFAULT 0 CHECK (pause_milliseconds >= 0)
            """,
            "ALTER TABLE lane ADD COLUMN throttle_sent BIGINT NOT NULL DEFAULT 0 CHECK (throttle_sent >= 0)",
            "ALTER TABLE lane ADD COLUMN throttle_refusals BIGINT NOT NULL DEFAULT 0 CHECK (throttle_refusals >= 0)",
            "ALTER TABLE lane ADD COLUMN completion_times TEXT",
        ]
        let seal = SchemaSeal.kept("provider_account").statements(dialect)
        switch dialect.name {
        case .sqlite: return statements + seal
        case .postgres: return statements.map(dialect.typed) + seal + [SchemaSeal.neverEmptied("provider_account")]
        }
    }
}
