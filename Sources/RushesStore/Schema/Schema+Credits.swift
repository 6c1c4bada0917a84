import RushesDatabase

extension Schema {
    /// Credits as a business: purchases that wait for their payment, gifts, corrections, refunds, lots that expire, and
    /// wallets that tell when they run low.
    static func credits(_ dialect: SQLDialect) -> [String] {
        let seals = creditSeals.flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: widenedSQLite + creditTables + seals
        case .postgres:
            widenedPostgres + creditTables.map(dialect.typed)
                + (creditAppendOnlyTables + creditKeptTables).map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows never change.
    static let creditAppendOnlyTables = ["purchase_refund", "credit_grant"]
    /// Tables of this step whose rows change but never go.
    static let creditKeptTables = ["purchase_intent", "adjustment"]

    private static let creditSeals: [SchemaSeal] =
        creditAppendOnlyTables.flatMap(SchemaSeal.appendOnly) + creditKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "purchase_intent_fixed", .updateOf("organization_id, request_id, package_id, paid_micros, face_micros"),
                on: "purchase_intent", "what a purchase pays and grants is fixed when it is opened"),
            SchemaSeal(
                "purchase_intent_ended", .update, on: "purchase_intent",
                when: "OLD.state IN ('cancelled', 'refunded') OR (OLD.state = 'granted' AND NEW.state <> 'refunded')",
                "an ended purchase never changes"),
            SchemaSeal(
                "adjustment_fixed", .updateOf("organization_id, amount_micros, reason, ticket, proposed_by"),
                on: "adjustment", "what was proposed is fixed"),
            SchemaSeal(
                "adjustment_decided", .update, on: "adjustment", when: "OLD.state <> 'proposed'",
                "a decided adjustment never changes"),
        ]

    private static let creditTables = [
        """
        CREATE TABLE purchase_intent (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id), request_id TEXT,
          package_id TEXT, paid_micros BIGINT NOT NULL CHECK (paid_micros > 0),
          face_micros BIGINT NOT NULL CHECK (face_micros > 0),
          state TEXT NOT NULL CHECK (state IN ('pending', 'granted', 'cancelled', 'refunded')),
          created_at BIGINT NOT NULL, changed_at BIGINT NOT NULL,
          UNIQUE (organization_id, request_id)
        )
        """,
        "CREATE INDEX purchase_intent_organization ON purchase_intent (organization_id, id)",
        "CREATE INDEX purchase_intent_pending ON purchase_intent (organization_id, id) WHERE state = 'pending'",
        """
        INSERT INTO purchase_intent (id, organization_id, package_id, paid_micros, face_micros, state, created_at,
          changed_at)
        SELECT id, organization_id, package_id, paid_micros, face_micros, 'granted', confirmed_at, confirmed_at
        FROM purchase
        """,
        """
        CREATE TABLE purchase_refund (
          purchase_id TEXT PRIMARY KEY REFERENCES purchase (id), organization_id TEXT NOT NULL,
          credits_micros BIGINT NOT NULL CHECK (credits_micros > 0), cash_micros BIGINT NOT NULL CHECK (cash_micros > 0),
          reference TEXT NOT NULL UNIQUE, reason TEXT NOT NULL, refunded_by TEXT NOT NULL, created_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE credit_grant (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          origin TEXT NOT NULL CHECK (origin IN ('promo', 'sla_credit')),
          face_micros BIGINT NOT NULL CHECK (face_micros > 0), expires_at BIGINT, reference TEXT NOT NULL UNIQUE,
          reason TEXT NOT NULL, granted_by TEXT NOT NULL, lot_id TEXT NOT NULL UNIQUE REFERENCES lot (id),
          created_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX credit_grant_organization ON credit_grant (organization_id, id)",
        """
        CREATE TABLE adjustment (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          amount_micros BIGINT NOT NULL CHECK (amount_micros <> 0), reason TEXT NOT NULL, ticket TEXT NOT NULL,
          proposed_by TEXT NOT NULL, proposed_at BIGINT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected')), decided_by TEXT, decided_at BIGINT,
          CHECK ((state = 'proposed') = (decided_at IS NULL)),
          CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
          CHECK (state <> 'approved' OR decided_by <> proposed_by)
        )
        """,
        "CREATE INDEX adjustment_organization ON adjustment (organization_id, id)",
        "CREATE INDEX adjustment_proposed ON adjustment (state, id) WHERE state = 'proposed'",
        """
        CREATE INDEX lot_expiring ON lot (expires_at, id) WHERE expires_at IS NOT NULL AND available_micros > 0
        """,
    ]

    private static let widenedColumns = [
        "ALTER TABLE lot ADD COLUMN expired_micros BIGINT NOT NULL DEFAULT 0 CHECK (expired_micros >= 0)",
        "ALTER TABLE lot ADD COLUMN revoked_micros BIGINT NOT NULL DEFAULT 0 CHECK (revoked_micros >= 0)",
        "ALTER TABLE lot ADD COLUMN adjusted_micros BIGINT NOT NULL DEFAULT 0 CHECK (adjusted_micros >= 0)",
        "ALTER TABLE lot ADD COLUMN refunded_micros BIGINT NOT NULL DEFAULT 0 CHECK (refunded_micros >= 0)",
        "ALTER TABLE wallet ADD COLUMN low_balance_micros BIGINT CHECK (low_balance_micros > 0)",
        "ALTER TABLE wallet ADD COLUMN is_low BIGINT NOT NULL DEFAULT 0 CHECK (is_low IN (0, 1))",
    ]

    /// A CHECK of the first release and what takes its place.
    private struct WidenedCheck {
        let table: String
        /// PostgreSQL's name for it.
        let name: String
        let old: String
        let new: String
    }

    private static let widenedChecks = [
        WidenedCheck(
            table: "lot", name: "lot_origin_check",
            old: "CHECK (origin IN ('package', 'topup', 'promo', 'adjustment', 'credit_line'))",
            new: "CHECK (origin IN ('package', 'topup', 'promo', 'sla_credit', 'adjustment', 'credit_line'))"),
        WidenedCheck(
            table: "lot", name: "lot_check",
            old: "CHECK (face_micros = available_micros + held_micros + captured_micros)",
            new: "CHECK (face_micros = available_micros + held_micros + captured_micros + expired_micros"
                + " + revoked_micros + adjusted_micros)"),
        WidenedCheck(
            table: "lot", name: "lot_check1",
            old: "CHECK (expires_at IS NULL OR origin IN ('promo', 'credit_line'))",
            new: "CHECK (expires_at IS NULL OR origin IN ('promo', 'sla_credit', 'credit_line'))"),
        WidenedCheck(
            table: "ledger_transaction", name: "ledger_transaction_kind_check",
            old: "CHECK (kind IN ('purchase', 'freeze', 'settle', 'finalize'))",
            new:
                "CHECK (kind IN ('purchase', 'freeze', 'settle', 'finalize', 'grant', 'adjustment',"
                + " 'expiry', 'refund'))"
        ),
    ]

    /// SQLite cannot change a CHECK. Its manual (`lang_altertable.html`, section 7) gives this way for changes that
    /// leave the rows on disk as they are: the text of the table is replaced, and the schema is read again.
    private static var widenedSQLite: [String] {
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
        return widenedColumns + ["PRAGMA writable_schema = ON"]
            + widenedChecks.map { check in
                """
                UPDATE sqlite_schema SET sql = replace(sql, \(quoted(check.old)), \(quoted(check.new)))
                WHERE type = 'table' AND name = '\(check.table)'
                """
            } + ["PRAGMA writable_schema = RESET"]
    }

    private static var widenedPostgres: [String] {
        widenedColumns
            + widenedChecks.flatMap { check in
                [
                    "ALTER TABLE \(check.table) DROP CONSTRAINT \(check.name)",
                    "ALTER TABLE \(check.table) ADD CONSTRAINT \(check.name) \(check.new)",
                ]
            }
    }
}
