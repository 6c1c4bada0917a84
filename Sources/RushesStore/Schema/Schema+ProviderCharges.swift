import RushesDatabase

extension Schema {
    /// Lines of providers' bills, each with the attempt that owns its job.
    static func providerCharges(_ dialect: SQLDialect) -> [String] {
        let statements = [
            """
            CREATE TABLE provider_charge (
              provider TEXT NOT NULL, provider_job TEXT NOT NULL,
              amount_micros BIGINT NOT NULL CHECK (amount_micros >= 0), bill TEXT NOT NULL, imported_by TEXT NOT NULL,
              imported_at BIGINT NOT NULL, task_id TEXT, attempt_number BIGINT,
              PRIMARY KEY (provider, provider_job), UNIQUE (task_id, attempt_number),
              FOREIGN KEY (task_id, attempt_number) REFERENCES attempt (task_id, number),
              CHECK ((task_id IS NULL) = (attempt_number IS NULL))
            )
            """,
            "CREATE INDEX provider_charge_unmatched ON provider_charge (imported_at) WHERE task_id IS NULL",
        ]
        let seals = providerChargeTables.flatMap(SchemaSeal.appendOnly).flatMap { $0.statements(dialect) }
        switch dialect.name {
        case .sqlite: return statements + seals
        case .postgres:
            return statements.map(dialect.typed) + providerChargeTables.map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows never change.
    static let providerChargeTables = ["provider_charge"]
}
