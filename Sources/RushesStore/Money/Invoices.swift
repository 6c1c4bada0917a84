package import RushesCore
package import RushesDatabase

private let invoiceColumns = """
    id, organization_id, kind, series_id, number, purchase_id, month, credited_invoice_id, net_micros, tax_micros,
    document, document_sha256, issued_at, state, payment_reference, paid_at, void_reason, voided_by, voided_at
    """

extension SQLRow {
    fileprivate func invoice() throws(DatabaseError) -> Invoice {
        let subject: Invoice.Subject
        switch (try optionalText(5), try optionalInteger(6)) {
        case (let purchase?, _): subject = .purchase(PurchaseID(trusted: purchase))
        case (nil, let month?): subject = .month(CalendarMonth(number: Int(month)))
        case (nil, nil): throw DatabaseError(.decoding, "an invoice is for nothing")
        }
        return Invoice(
            id: try id(0, InvoiceIdentity.self), organization: try id(1, OrganizationIdentity.self),
            kind: try value(2, Invoice.Kind.self),
            number: InvoiceNumber(series: try text(3), place: try int(4)), subject: subject,
            credited: try optionalText(7).map(InvoiceID.init(trusted:)),
            sums: InvoiceSums(net: try dollars(8), tax: try dollars(9)), document: try text(10),
            documentHash: try text(11), issuedAt: try time(12), state: try value(13, Invoice.State.self),
            payment: try payment(), voiding: try voiding())
    }

    private func payment() throws(DatabaseError) -> Invoice.Payment? {
        guard let reference = try optionalText(14) else { return nil }
        return Invoice.Payment(reference: reference, at: try time(15))
    }

    private func voiding() throws(DatabaseError) -> Invoice.Voiding? {
        guard let reason = try optionalText(16) else { return nil }
        return Invoice.Voiding(reason: reason, by: try text(17), at: try time(18))
    }
}

extension SQLReading {
    /// An invoice, whosever it is.
    package func invoice(_ id: InvoiceID) throws(DatabaseError) -> Invoice? {
        try query("SELECT \(invoiceColumns) FROM invoice WHERE id = $1", [.text(id.rawValue)]).first?.invoice()
    }

    /// Invoices and credit notes of an organization, the newest first, before one of them.
    package func invoices(
        of organization: OrganizationID, before id: InvoiceID?, limit: Int
    ) throws(DatabaseError) -> [Invoice] {
        try query(
            """
            SELECT \(invoiceColumns) FROM invoice WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3
            """, [.text(organization.rawValue), .text(id?.rawValue ?? "inv_~"), .int(limit)]
        ).map { row throws(DatabaseError) in try row.invoice() }
    }

    /// The invoice of a purchase that is in force; nil for a purchase that was granted before there were invoices.
    package func invoice(of purchase: PurchaseID) throws(DatabaseError) -> Invoice? {
        try query(
            """
            SELECT \(invoiceColumns) FROM invoice
            WHERE purchase_id = $1 AND kind = 'invoice' AND state <> 'void' ORDER BY id DESC LIMIT 1
            """, [.text(purchase.rawValue)]
        ).first?.invoice()
    }

    /// The invoice of a month that a payment has paid.
    package func invoicePaid(by reference: String) throws(DatabaseError) -> Invoice? {
        try query(
            "SELECT \(invoiceColumns) FROM invoice WHERE payment_reference = $1 AND month IS NOT NULL",
            [.text(reference)]
        ).first?.invoice()
    }

    /// True when a credit note has taken an invoice back, in whole or in part.
    package func isCredited(_ invoice: InvoiceID) throws(DatabaseError) -> Bool {
        try !query("SELECT 1 FROM invoice WHERE credited_invoice_id = $1", [.text(invoice.rawValue)]).isEmpty
    }
}

extension Invoice {
    /// What it says.
    ///
    /// - Throws: `DatabaseError` for a text that is none of ours.
    package func content() throws(DatabaseError) -> InvoiceDocument {
        try JSONText.decode(InvoiceDocument.self, from: document)
    }
}

extension SQLTransaction {
    /// Issues an invoice or a credit note, and tells its owner: its number is the next one of its series.
    ///
    /// The organization's wallet is locked; the series is the last lock of all, held until the commit, so that a
    /// number that is not used is not counted.
    package func issue(
        _ draft: InvoiceDraft, from seller: LegalEntity, to organization: OrganizationID, ids: any IDSource
    ) throws(DatabaseError) -> Invoice {
        let year = CalendarMonth(containing: now).year
        let number = try nextNumber(of: InvoiceNumber.series(seller.series, draft.kind, year: year))
        let document = try JSONText.encode(draft.document(number, from: seller, to: organization, at: now))
        let invoice = Invoice(
            id: ids.next(InvoiceIdentity.self), organization: organization, kind: draft.kind, number: number,
            subject: draft.subject, credited: draft.kind == .creditNote ? draft.refersTo?.id : nil, sums: draft.sums,
            document: document, documentHash: sha256Hex(Array(document.utf8)), issuedAt: now,
            state: draft.payment == nil ? .issued : .paid, payment: draft.payment, voiding: nil)
        try insert(invoice)
        let data = [
            "invoice_id": invoice.id.rawValue, "number": number.description, "kind": invoice.kind.rawValue,
            "total_micros": String(invoice.sums.total.micros), "currency": "USD",
        ]
        try append([Event(.invoiceIssued, data: data)], to: organization, ids: ids)
        return invoice
    }

    private func nextNumber(of series: String) throws(DatabaseError) -> InvoiceNumber {
        let rows = try query(
            """
            INSERT INTO invoice_series (id, last_number) VALUES ($1, 1)
            ON CONFLICT (id) DO UPDATE SET last_number = invoice_series.last_number + 1 RETURNING last_number
            """, [.text(series)])
        return InvoiceNumber(series: series, place: try rows[0].int(0))
    }

    private func insert(_ invoice: Invoice) throws(DatabaseError) {
        let (purchase, month): (String?, Int?) =
            switch invoice.subject {
            case .purchase(let id): (id.rawValue, nil)
            case .month(let month): (nil, month.number)
            }
        try execute(
            """
            INSERT INTO invoice (\(invoiceColumns), total_micros)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            """,
            [
                .text(invoice.id.rawValue), .text(invoice.organization.rawValue), .text(invoice.kind.rawValue),
                .text(invoice.number.series), .int(invoice.number.place), .optional(purchase),
                .optional(month.map(Int64.init)), .optional(invoice.credited?.rawValue),
                .integer(invoice.sums.net.micros), .integer(invoice.sums.tax.micros), .text(invoice.document),
                .text(invoice.documentHash), .time(invoice.issuedAt), .text(invoice.state.rawValue),
                .optional(invoice.payment?.reference), .time(invoice.payment?.at), .optional(invoice.voiding?.reason),
                .optional(invoice.voiding?.by), .time(invoice.voiding?.at), .integer(invoice.sums.total.micros),
            ])
    }

    /// Writes what became of an invoice whose organization's wallet is locked.
    package func save(_ invoice: Invoice) throws(DatabaseError) {
        try execute(
            """
            UPDATE invoice SET state = $1, payment_reference = $2, paid_at = $3, void_reason = $4, voided_by = $5,
              voided_at = $6
            WHERE id = $7
            """,
            [
                .text(invoice.state.rawValue), .optional(invoice.payment?.reference), .time(invoice.payment?.at),
                .optional(invoice.voiding?.reason), .optional(invoice.voiding?.by), .time(invoice.voiding?.at),
                .text(invoice.id.rawValue),
            ])
    }
}
