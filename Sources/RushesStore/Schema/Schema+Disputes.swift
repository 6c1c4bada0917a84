import RushesDatabase

extension Schema {
    /// Payments that banks ask about or take back.
    static func disputes(_ dialect: SQLDialect) -> [String] {
        let seals = disputeSeals.flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: disputeKindSQLite + disputeTables + seals
        case .postgres:
            disputeKindPostgres + disputeTables.map(dialect.typed) + disputeKeptTables.map(SchemaSeal.neverEmptied)
                + seals
        }
    }

    /// A bank may ask for a part of a payment.
    static func partialDisputes(_ dialect: SQLDialect) -> [String] {
        let seal = SchemaSeal(
            "dispute_amount_fixed", .updateOf("amount_micros"), on: "dispute", "what a bank asks is fixed")
        return ["ALTER TABLE dispute ADD COLUMN amount_micros BIGINT CHECK (amount_micros > 0)"]
            + seal.statements(dialect)
    }

    /// Tables of this step whose rows change but never go.
    static let disputeKeptTables = ["dispute"]

    private static let disputeSeals: [SchemaSeal] =
        disputeKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "dispute_fixed",
                .updateOf(
                    "id, organization_id, purchase_id, reference, reason, opened_by, opened_at, opened_seq"),
                on: "dispute", "what a bank asks is fixed"),
            SchemaSeal(
                "dispute_forward", .update, on: "dispute",
                when: """
                    OLD.state IN ('won', 'charged_back') OR (OLD.state = 'open' AND NEW.state = 'charged_back')
                      OR (OLD.state = 'lost' AND NEW.state <> 'charged_back')
                    """,
                "a dispute is won, or lost and then charged back"),
        ]

    private static let disputeTables = [
        "ALTER TABLE wallet ADD COLUMN disputes BIGINT NOT NULL DEFAULT 0 CHECK (disputes >= 0)",
        """
        CREATE TABLE dispute (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          purchase_id TEXT NOT NULL REFERENCES purchase (id), reference TEXT NOT NULL UNIQUE, reason TEXT NOT NULL,
          opened_by TEXT NOT NULL, opened_at BIGINT NOT NULL, opened_seq BIGINT NOT NULL CHECK (opened_seq > 0),
          state TEXT NOT NULL CHECK (state IN ('open', 'won', 'lost', 'charged_back')), decided_by TEXT,
          decided_at BIGINT, loss_micros BIGINT NOT NULL CHECK (loss_micros >= 0), closed_at BIGINT, closed_seq BIGINT,
          CHECK ((state = 'open') = (decided_at IS NULL)),
          CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
          CHECK ((state IN ('won', 'charged_back')) = (closed_at IS NOT NULL)),
          CHECK ((closed_at IS NULL) = (closed_seq IS NULL)),
          CHECK (closed_seq >= opened_seq),
          CHECK (loss_micros = 0 OR state = 'charged_back')
        )
        """,
        "CREATE INDEX dispute_organization ON dispute (organization_id, id)",
        "CREATE UNIQUE INDEX dispute_purchase ON dispute (purchase_id) WHERE state <> 'won'",
        "CREATE INDEX dispute_lost ON dispute (opened_at, id) WHERE state = 'lost'",
    ]

    /// As `invoiceKindsSQLite` does it.
    private static let disputeKindSQLite = [
        "PRAGMA writable_schema = ON",
        """
        UPDATE sqlite_schema SET sql = replace(sql, '''payment'', ''void''', '''payment'', ''void'', ''dispute''')
        WHERE type = 'table' AND name = 'ledger_transaction'
        """,
        "PRAGMA writable_schema = RESET",
    ]

    private static let disputeKindPostgres = [
        "ALTER TABLE ledger_transaction DROP CONSTRAINT ledger_transaction_kind_check",
        """
        ALTER TABLE ledger_transaction ADD CONSTRAINT ledger_transaction_kind_check
        CHECK (kind IN ('purchase', 'freeze', 'settle', 'finalize', 'grant', 'adjustment', 'expiry', 'refund',
          'credit_line', 'invoice', 'payment', 'void', 'dispute'))
        """,
    ]
}
