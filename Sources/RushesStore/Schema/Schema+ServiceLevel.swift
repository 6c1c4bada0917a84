import RushesDatabase

extension Schema {
    /// What was promised at the freeze, how it was kept by model and month, and the API's heartbeats.
    static func serviceLevel(_ dialect: SQLDialect) -> [String] {
        let statements = [
            "ALTER TABLE batch ADD COLUMN sla_seconds BIGINT CHECK (sla_seconds > 0)",
            """
            CREATE TABLE service_level (
              model TEXT NOT NULL, month BIGINT NOT NULL CHECK (month > 0),
              delivered BIGINT NOT NULL CHECK (delivered >= 0),
              within_target BIGINT NOT NULL CHECK (within_target BETWEEN 0 AND delivered),
              timed_out BIGINT NOT NULL CHECK (timed_out >= 0), failed BIGINT NOT NULL CHECK (failed >= 0),
              from_dispatch TEXT NOT NULL, from_creation TEXT NOT NULL,
              PRIMARY KEY (month, model)
            )
            """,
            """
            CREATE TABLE api_minute (
              minute BIGINT PRIMARY KEY, requests BIGINT NOT NULL CHECK (requests >= 0),
              failures BIGINT NOT NULL CHECK (failures BETWEEN 0 AND requests)
            )
            """,
        ]
        let tables = ["service_level", "api_minute"]
        let seals = tables.flatMap { SchemaSeal.kept($0).statements(dialect) }
        switch dialect.name {
        case .sqlite: return statements + seals
        case .postgres: return statements.map(dialect.typed) + seals + tables.map(SchemaSeal.neverEmptied)
        }
    }
}
