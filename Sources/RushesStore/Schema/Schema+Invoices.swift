import RushesDatabase

extension Schema {
    /// Invoices and credit notes, what stands on them, and lines of credit with their months.
    static func invoices(_ dialect: SQLDialect) -> [String] {
        let seals = invoiceSeals.flatMap { $0.statements(dialect) }
        return switch dialect.name {
        case .sqlite: invoiceKindsSQLite + invoiceTables + seals
        case .postgres:
            invoiceKindsPostgres + invoiceTables.map(dialect.typed)
                + (invoiceAppendOnlyTables + invoiceKeptTables).map(SchemaSeal.neverEmptied) + seals
        }
    }

    /// Tables of this step whose rows never change.
    static let invoiceAppendOnlyTables = ["month_close"]
    /// Tables of this step whose rows change but never go.
    static let invoiceKeptTables = ["billing_profile", "invoice_series", "invoice", "credit_line"]

    private static let invoiceSeals: [SchemaSeal] =
        invoiceAppendOnlyTables.flatMap(SchemaSeal.appendOnly) + invoiceKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "invoice_series_counts", .update, on: "invoice_series",
                when: "NEW.id <> OLD.id OR NEW.last_number <> OLD.last_number + 1", "a series has no gap"),
            SchemaSeal(
                "invoice_follows", .insert, on: "invoice",
                when: "NEW.number <> (SELECT last_number FROM invoice_series WHERE id = NEW.series_id)",
                "an invoice has the last number of its series"),
            SchemaSeal(
                "invoice_fixed",
                .updateOf(
                    "id, organization_id, kind, series_id, number, purchase_id, month, credited_invoice_id, "
                        + "net_micros, tax_micros, total_micros, document, document_sha256, issued_at"),
                on: "invoice", "what an invoice says never changes"),
            SchemaSeal(
                "invoice_forward", .update, on: "invoice",
                when: """
                    OLD.state = 'void' OR OLD.kind = 'credit_note' OR (OLD.state = 'paid' AND NEW.state <> 'void')
                      OR (OLD.paid_at IS NOT NULL AND (NEW.paid_at IS NULL OR NEW.paid_at <> OLD.paid_at
                      OR NEW.payment_reference <> OLD.payment_reference))
                    """,
                "an invoice goes from issued to paid or void and stays there"),
        ]

    private static let invoiceTables = [
        "ALTER TABLE purchase_refund ADD COLUMN tax_micros BIGINT NOT NULL DEFAULT 0 CHECK (tax_micros >= 0)",
        """
        CREATE TABLE billing_profile (
          organization_id TEXT PRIMARY KEY REFERENCES wallet (organization_id), name TEXT NOT NULL,
          address TEXT NOT NULL, tax_id TEXT,
          tax_rate_basis_points BIGINT NOT NULL CHECK (tax_rate_basis_points BETWEEN 0 AND 10000),
          changed_at BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE invoice_series (
          id TEXT PRIMARY KEY, last_number BIGINT NOT NULL CHECK (last_number > 0)
        )
        """,
        """
        CREATE TABLE invoice (
          id TEXT PRIMARY KEY, organization_id TEXT NOT NULL REFERENCES wallet (organization_id),
          kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
          series_id TEXT NOT NULL REFERENCES invoice_series (id), number BIGINT NOT NULL CHECK (number > 0),
          purchase_id TEXT REFERENCES purchase (id), month BIGINT CHECK (month > 0),
          credited_invoice_id TEXT REFERENCES invoice (id), net_micros BIGINT NOT NULL CHECK (net_micros > 0),
          tax_micros BIGINT NOT NULL CHECK (tax_micros >= 0), total_micros BIGINT NOT NULL, document TEXT NOT NULL,
          document_sha256 TEXT NOT NULL CHECK (length(document_sha256) = 64), issued_at BIGINT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('issued', 'paid', 'void')), payment_reference TEXT, paid_at BIGINT,
          void_reason TEXT, voided_by TEXT, voided_at BIGINT,
          UNIQUE (series_id, number),
          CHECK (total_micros = net_micros + tax_micros),
          CHECK ((purchase_id IS NULL) <> (month IS NULL)),
          CHECK ((kind = 'credit_note') = (credited_invoice_id IS NOT NULL)),
          CHECK (kind = 'invoice' OR (state = 'issued' AND paid_at IS NULL)),
          CHECK ((paid_at IS NULL) = (payment_reference IS NULL)),
          CHECK (state <> 'paid' OR paid_at IS NOT NULL),
          CHECK (state <> 'issued' OR paid_at IS NULL),
          CHECK ((state = 'void') = (voided_at IS NOT NULL)),
          CHECK ((voided_at IS NULL) = (void_reason IS NULL)),
          CHECK ((voided_at IS NULL) = (voided_by IS NULL))
        )
        """,
        "CREATE INDEX invoice_organization ON invoice (organization_id, id)",
        "CREATE INDEX invoice_purchase ON invoice (purchase_id, id) WHERE purchase_id IS NOT NULL",
        """
        CREATE UNIQUE INDEX invoice_month ON invoice (organization_id, month, kind) WHERE month IS NOT NULL
        """,
        """
        CREATE UNIQUE INDEX invoice_payment ON invoice (payment_reference)
        WHERE month IS NOT NULL AND payment_reference IS NOT NULL
        """,
        "CREATE UNIQUE INDEX invoice_credited ON invoice (credited_invoice_id) WHERE credited_invoice_id IS NOT NULL",
        """
        CREATE TABLE credit_line (
          organization_id TEXT PRIMARY KEY REFERENCES wallet (organization_id),
          limit_micros BIGINT NOT NULL CHECK (limit_micros >= 0), changes BIGINT NOT NULL CHECK (changes > 0),
          closed_month BIGINT NOT NULL CHECK (closed_month > 0), closed_seq BIGINT NOT NULL CHECK (closed_seq >= 0),
          due_at BIGINT NOT NULL, reason TEXT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX credit_line_due ON credit_line (due_at)",
        """
        CREATE TABLE month_close (
          organization_id TEXT NOT NULL REFERENCES wallet (organization_id), month BIGINT NOT NULL CHECK (month > 0),
          first_seq BIGINT NOT NULL CHECK (first_seq >= 0), last_seq BIGINT NOT NULL,
          captured_micros BIGINT NOT NULL CHECK (captured_micros >= 0), invoice_id TEXT UNIQUE REFERENCES invoice (id),
          closed_at BIGINT NOT NULL,
          PRIMARY KEY (organization_id, month),
          CHECK (first_seq <= last_seq),
          CHECK ((captured_micros > 0) = (invoice_id IS NOT NULL))
        )
        """,
    ]

    private static let invoiceKinds = "'credit_line', 'invoice', 'payment', 'void'"

    /// As `widenedSQLite` of the step before does it: the kinds that were known last get more behind them.
    private static var invoiceKindsSQLite: [String] {
        let known = "'expiry', 'refund'"
        func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
        return [
            "PRAGMA writable_schema = ON",
            """
            UPDATE sqlite_schema SET sql = replace(sql, \(quoted(known)), \(quoted(known + ", " + invoiceKinds)))
            WHERE type = 'table' AND name = 'ledger_transaction'
            """,
            "PRAGMA writable_schema = RESET",
        ]
    }

    private static let invoiceKindsPostgres = [
        "ALTER TABLE ledger_transaction DROP CONSTRAINT ledger_transaction_kind_check",
        """
        ALTER TABLE ledger_transaction ADD CONSTRAINT ledger_transaction_kind_check
        CHECK (kind IN ('purchase', 'freeze', 'settle', 'finalize', 'grant', 'adjustment', 'expiry', 'refund',
          \(invoiceKinds)))
        """,
    ]
}

extension Schema {
    /// What a credit line owes is asked at each posting that gives back to it, so it has to be found without the lots
    /// that were bought or given.
    static let creditLineIndexes = [
        "CREATE INDEX lot_credit_line ON lot (organization_id, sequence) WHERE origin = 'credit_line'"
    ]
}
