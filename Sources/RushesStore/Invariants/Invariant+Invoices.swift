import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What does not hold in a series of invoices.
    package func violations(ofInvoiceSeries series: String) throws(DatabaseError) -> [InvariantViolation] {
        try InvariantQuery(
            .invoicesWithoutGap, naming: ["last number", "invoices", "lowest", "highest"],
            """
            SELECT s.id, s.last_number, COUNT(i.number), COALESCE(MIN(i.number), 0), COALESCE(MAX(i.number), 0)
            FROM invoice_series s LEFT JOIN invoice i ON i.series_id = s.id
            WHERE s.id = $1 GROUP BY s.id, s.last_number
            HAVING s.last_number <> COUNT(i.number) OR s.last_number <> COALESCE(MAX(i.number), 0)
              OR COALESCE(MIN(i.number), 0) <> 1
            """
        ).violations(in: self, [.text(series)])
    }

    /// What does not hold in an organization's invoices and credit line.
    func invoiceViolations(_ organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        var found = try documentViolations(organization)
        for query in InvoiceQueries.all {
            found += try query.violations(in: self, [.text(organization.rawValue)])
        }
        found += try InvoiceQueries.creditLine.violations(in: self, [.text(organization.rawValue), .time(now)])
        return try found + captureViolations(organization)
    }

    /// Texts are hashed here, a page at a time.
    private func documentViolations(_ organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        var found: [InvariantViolation] = []
        var last: InvoiceID?
        while true {
            let page = try invoices(of: organization, before: last, limit: 200)
            for invoice in page {
                let hash = sha256Hex(Array(invoice.document.utf8))
                let says = try? invoice.content()  // A text that is none of ours says nothing.
                let isRight =
                    says?.number == invoice.number.description && says?.totalMicros == invoice.sums.total.micros
                    && says?.netMicros == invoice.sums.net.micros && says?.kind == invoice.kind
                    && says?.lines.reduce(0, { $0 &+ $1.amountMicros }) == invoice.sums.net.micros
                if hash == invoice.documentHash && isRight { continue }
                found.append(
                    InvariantViolation(
                        .invoiceSaysWhatItSaid, invoice.id.rawValue,
                        "hash \(invoice.documentHash), the text's \(hash), total \(invoice.sums.total.micros)"))
            }
            guard page.count == 200, let end = page.last else { return found }
            last = end.id
        }
    }

    /// What each month captured is read again from the ledger.
    private func captureViolations(_ organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        let rows = try query(
            """
            SELECT month, first_seq, last_seq, captured_micros FROM month_close WHERE organization_id = $1
            ORDER BY month
            """, [.text(organization.rawValue)])
        var found: [InvariantViolation] = []
        for row in rows {
            let uses = try creditLineUses(of: organization, after: try row.int(1), through: try row.int(2))
            let captured = uses.reduce(Credits.zero) { $0 + $1.captured }
            if try captured == row.credits(3) { continue }
            found.append(
                InvariantViolation(
                    .invoiceIsItsMonth, organization.rawValue,
                    "month \(try row.int(0)) asks for \(try row.integer(3)), the ledger has \(captured.micros)"))
        }
        return found
    }
}

/// Queries about one organization's invoices.
private enum InvoiceQueries {
    static let all = [purchaseInvoices, monthInvoices, monthsInOrder, receivable]

    /// Purchases that were granted before there were invoices have none.
    static let purchaseInvoices = InvariantQuery(
        .invoiceIsItsPurchase, naming: ["paid", "invoiced", "in force", "paid back", "credited", "credit notes"],
        """
        WITH begun AS (SELECT applied_at FROM schema_migration WHERE name = 'invoices'),
        found AS (
          SELECT p.id, p.paid_micros, p.confirmed_at,
            CAST(COALESCE(SUM(CASE WHEN i.kind = 'invoice' AND i.state = 'paid' THEN i.net_micros END), 0) AS BIGINT)
              AS invoiced,
            COUNT(CASE WHEN i.kind = 'invoice' AND i.state = 'paid' THEN 1 END) AS in_force,
            COUNT(CASE WHEN i.kind = 'invoice' AND i.state = 'void' THEN 1 END) AS void,
            CAST(COALESCE(SUM(CASE WHEN i.kind = 'credit_note' AND c.state <> 'void' THEN i.net_micros END), 0)
              AS BIGINT) AS credited,
            COUNT(CASE WHEN i.kind = 'credit_note' AND c.state = 'void' AND i.net_micros = c.net_micros
              AND i.tax_micros = c.tax_micros THEN 1 END) AS taken_back
          FROM purchase p LEFT JOIN invoice i ON i.purchase_id = p.id AND i.organization_id = p.organization_id
            LEFT JOIN invoice c ON c.id = i.credited_invoice_id
          WHERE p.organization_id = $1 GROUP BY p.id, p.paid_micros, p.confirmed_at)
        SELECT f.id, f.paid_micros, f.invoiced, f.in_force, COALESCE(r.cash_micros, 0), f.credited, f.taken_back
        FROM found f CROSS JOIN begun LEFT JOIN purchase_refund r ON r.purchase_id = f.id
        WHERE (f.in_force + f.void > 0 OR f.confirmed_at >= begun.applied_at)
          AND (f.in_force <> 1 OR f.invoiced <> f.paid_micros OR f.credited <> COALESCE(r.cash_micros, 0)
            OR f.taken_back <> f.void)
        """)

    static let monthInvoices = InvariantQuery(
        .invoiceIsItsMonth, naming: ["captured", "invoice", "its net", "posting", "state", "credit note"],
        """
        SELECT COALESCE(m.organization_id, i.id), m.captured_micros, i.id, i.net_micros, t.kind, i.state, c.id
        FROM (
          SELECT organization_id, month FROM month_close WHERE organization_id = $1
          UNION SELECT organization_id, month FROM invoice WHERE organization_id = $1 AND month IS NOT NULL) k
          LEFT JOIN month_close m ON m.organization_id = k.organization_id AND m.month = k.month
          LEFT JOIN invoice i ON i.organization_id = k.organization_id AND i.month = k.month AND i.kind = 'invoice'
          LEFT JOIN invoice c ON c.credited_invoice_id = i.id
          LEFT JOIN ledger_transaction t ON t.organization_id = i.organization_id AND t.reference = 'invoice:'
            || i.organization_id || ':' || substr('' || i.month, 1, 4) || '-' || substr('' || i.month, 5, 2)
        WHERE m.month IS NULL OR COALESCE(m.invoice_id, '') <> COALESCE(i.id, '')
          OR (i.id IS NOT NULL AND (i.net_micros <> m.captured_micros OR t.kind IS NULL OR t.kind <> 'invoice'
            OR (i.state = 'void') <> (c.id IS NOT NULL)))
        """)

    static let monthsInOrder = InvariantQuery(
        .invoiceIsItsMonth, naming: ["month", "begins behind", "the one before ends at", "months", "line's month"],
        """
        WITH chain AS (
          SELECT organization_id, month, first_seq, last_seq,
            LAG(last_seq) OVER (ORDER BY month) AS before, LAG(month) OVER (ORDER BY month) AS month_before
          FROM month_close WHERE organization_id = $1)
        SELECT c.organization_id, c.month, c.first_seq, c.before, c.month_before, l.closed_month
        FROM chain c LEFT JOIN credit_line l ON l.organization_id = c.organization_id
        WHERE c.before <> c.first_seq OR l.closed_month IS NULL OR c.month > l.closed_month
          OR c.month <> c.month_before + CASE WHEN c.month_before % 100 = 12 THEN 89 ELSE 1 END
          OR (c.month = l.closed_month AND c.last_seq <> l.closed_seq)
        """)

    static let receivable = InvariantQuery(
        .receivableIsInvoiced, naming: ["receivable", "issued", "tax owed", "invoiced tax"],
        """
        WITH posted AS (
          SELECT CAST(COALESCE(SUM(CASE WHEN account = 'receivable' THEN amount_micros END), 0) AS BIGINT) AS receivable,
            CAST(-COALESCE(SUM(CASE WHEN account = 'tax' THEN amount_micros END), 0) AS BIGINT) AS tax
          FROM credit_ledger WHERE organization_id = $1),
        asked AS (
          SELECT CAST(COALESCE(SUM(CASE WHEN kind = 'invoice' AND state = 'issued' THEN total_micros END), 0) AS BIGINT)
              AS receivable,
            CAST(COALESCE(SUM(CASE WHEN kind = 'invoice' THEN tax_micros ELSE -tax_micros END), 0) AS BIGINT) AS tax
          FROM invoice WHERE organization_id = $1)
        SELECT w.organization_id, p.receivable, a.receivable, p.tax, a.tax
        FROM wallet w CROSS JOIN posted p CROSS JOIN asked a
        WHERE w.organization_id = $1 AND (p.receivable <> a.receivable OR p.tax <> a.tax)
        """)

    /// A line that was lowered has more out than its limit until that is paid, and then nothing of it can
    /// be drawn.
    static let creditLine = InvariantQuery(
        .creditLineIsItsLimit, naming: ["limit", "granted, not expired and not paid", "free"],
        """
        WITH owed AS (
          SELECT CAST(COALESCE((SELECT SUM(face_micros - expired_micros) FROM lot
              WHERE organization_id = $1 AND origin = 'credit_line'), 0)
            - COALESCE((SELECT SUM(net_micros) FROM invoice
              WHERE organization_id = $1 AND month IS NOT NULL AND kind = 'invoice' AND state IN ('paid', 'void')), 0)
              AS BIGINT) AS micros,
            CAST(COALESCE((SELECT SUM(available_micros) FROM lot
              WHERE organization_id = $1 AND origin = 'credit_line' AND expires_at > $2), 0) AS BIGINT) AS free)
        SELECT w.organization_id, l.limit_micros, o.micros, o.free
        FROM wallet w CROSS JOIN owed o LEFT JOIN credit_line l ON l.organization_id = w.organization_id
        WHERE w.organization_id = $1 AND (o.micros < COALESCE(l.limit_micros, 0)
          OR (o.micros > COALESCE(l.limit_micros, 0) AND o.free > 0))
        """)
}
