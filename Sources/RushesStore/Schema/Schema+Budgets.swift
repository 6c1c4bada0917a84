import RushesDatabase

extension Schema {
    /// Budgets of API keys and projects: what they allow, and a counter for each day or month in which one was used.
    static func budgets(_ dialect: SQLDialect) -> [String] {
        let seals = budgetSeals.flatMap { $0.statements(dialect) }
        switch dialect.name {
        case .sqlite: return budgetTables + seals
        case .postgres: return budgetTables.map(dialect.typed) + budgetKeptTables.map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows change but never go.
    static let budgetKeptTables = ["budget", "budget_use"]

    private static let budgetSeals: [SchemaSeal] =
        budgetKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "batch_budget_fixed", .updateOf("api_key_id, project"), on: "batch",
                "what a batch counts for is fixed at the freeze"),
            SchemaSeal(
                "budget_fixed", .updateOf("organization_id, subject, period, counted_from"), on: "budget",
                "whose batches a budget counts is fixed"),
        ]

    private static let budgetTables = [
        "ALTER TABLE batch ADD COLUMN api_key_id TEXT",
        "ALTER TABLE batch ADD COLUMN project TEXT",
        "ALTER TABLE wallet ADD COLUMN has_budgets BIGINT NOT NULL DEFAULT 0 CHECK (has_budgets IN (0, 1))",
        """
        CREATE TABLE budget (
          organization_id TEXT NOT NULL REFERENCES wallet (organization_id), subject TEXT NOT NULL,
          period TEXT NOT NULL CHECK (period IN ('day', 'month')), limit_micros BIGINT CHECK (limit_micros >= 0),
          counted_from BIGINT NOT NULL, changed_at BIGINT NOT NULL,
          PRIMARY KEY (organization_id, subject, period)
        )
        """,
        """
        CREATE TABLE budget_use (
          organization_id TEXT NOT NULL, subject TEXT NOT NULL, period TEXT NOT NULL, starts_at BIGINT NOT NULL,
          ends_at BIGINT NOT NULL CHECK (ends_at > starts_at), used_micros BIGINT NOT NULL CHECK (used_micros >= 0),
          PRIMARY KEY (organization_id, subject, period, starts_at),
          FOREIGN KEY (organization_id, subject, period) REFERENCES budget (organization_id, subject, period)
        )
        """,
        "CREATE INDEX batch_api_key ON batch (organization_id, api_key_id, created_at) WHERE api_key_id IS NOT NULL",
        "CREATE INDEX batch_project ON batch (organization_id, project, created_at) WHERE project IS NOT NULL",
    ]
}
