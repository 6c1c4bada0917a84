package import RushesCore
package import RushesDatabase

/// What a month used of a credit line.
package struct MonthUse: Sendable, Equatable {
    /// The month.
    package let month: CalendarMonth
    /// The ledger transaction behind which it begins.
    package let firstSequence: Int
    /// Its last ledger transaction.
    package let lastSequence: Int
    /// What was used, by model and price.
    package let uses: [CreditLineUse]
}

extension SQLReading {
    /// The invoice of an organization's month; nil for a month that used nothing, or is not closed.
    package func invoice(
        ofMonth month: CalendarMonth, of organization: OrganizationID
    ) throws(DatabaseError) -> Invoice? {
        let rows = try query(
            "SELECT invoice_id FROM month_close WHERE organization_id = $1 AND month = $2",
            [.text(organization.rawValue), .int(month.number)])
        return try rows.first?.optionalText(0).flatMap { id throws(DatabaseError) in
            try invoice(InvoiceID(trusted: id))
        }
    }

    /// What an organization has used of its credit line in the next month that is over; nil when no month is to be
    /// closed. Nothing can be posted in such a month any more, so it is read before the wallet is locked: nobody waits
    /// while a large month is added up.
    package func useOfMonthToClose(of organization: OrganizationID) throws(DatabaseError) -> MonthUse? {
        guard let line = try creditLine(of: organization), let month = line.monthToClose(at: now),
            let wallet = try wallet(organization)
        else { return nil }
        let first = line.closedSequence
        let through = try countOfTransactions(
            of: organization, before: month.next.start, last: wallet.ledgerSequence)
        // A line that was opened within the month counts from there.
        let last = max(first, through)
        return MonthUse(
            month: month, firstSequence: first, lastSequence: last,
            uses: try creditLineUses(of: organization, after: first, through: last))
    }
}

extension SQLTransaction {
    /// Asks for what a locked wallet has used of its credit line in a month; answers its invoice, none for a month that
    /// used nothing, or nil when somebody else has closed the month meanwhile.
    package func close(
        _ use: MonthUse, of wallet: inout WalletRow, seller: LegalEntity, ids: any IDSource
    ) throws(DatabaseError) -> (month: CalendarMonth, invoice: Invoice?)? {
        guard var line = try creditLine(of: wallet.organization), line.monthToClose(at: now) == use.month,
            line.closedSequence == use.firstSequence
        else { return nil }
        let (month, uses) = (use.month, use.uses)
        let invoice = try ask(for: uses, month, of: &wallet, seller: seller, ids: ids)
        line.close(month, through: use.lastSequence)
        try execute(
            """
            INSERT INTO month_close (organization_id, month, first_seq, last_seq, captured_micros, invoice_id,
              closed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                .text(wallet.organization.rawValue), .int(month.number), .int(use.firstSequence),
                .int(use.lastSequence),
                .integer(uses.reduce(Credits.zero) { $0 + $1.captured }.micros), .optional(invoice?.id.rawValue),
                .time(now),
            ])
        try execute(
            "UPDATE credit_line SET closed_month = $1, closed_seq = $2, due_at = $3 WHERE organization_id = $4",
            [
                .int(line.closedMonth.number), .int(line.closedSequence), .time(line.dueAt),
                .text(wallet.organization.rawValue),
            ])
        return (month, invoice)
    }

    private func ask(
        for uses: [CreditLineUse], _ month: CalendarMonth, of wallet: inout WalletRow, seller: LegalEntity,
        ids: any IDSource
    ) throws(DatabaseError) -> Invoice? {
        guard !uses.isEmpty, let buyer = try billingProfile(of: wallet.organization) else { return nil }
        let draft = InvoiceDraft.month(month, uses, buyer: buyer)
        _ = try post(
            LedgerTransaction.invoice(draft.sums, uses, for: month, of: wallet.organization), to: &wallet, ids: ids)
        return try issue(draft, from: seller, to: wallet.organization, ids: ids)
    }

    /// Records the payment of a month's invoice: what it paid for can be used again. The wallet is locked.
    ///
    /// - Throws: `InvoiceRefusal`, `DatabaseError`.
    package func pay(
        _ invoice: inout Invoice, reference: String, into wallet: inout WalletRow, ids: any IDSource
    ) throws {
        try invoice.pay(Invoice.Payment(reference: reference, at: now))
        try save(invoice)
        _ = try post(LedgerTransaction.payment(of: invoice, reference: reference), to: &wallet, ids: ids)
        try openCreditLine(of: &wallet, ids: ids)
    }

    /// Takes an invoice out of force; its number stays its own, and a credit note takes it back. That of a purchase,
    /// which was paid, is issued anew with what is known of the customer now; what a month's asked for is asked for
    /// no more.
    ///
    /// - Throws: `InvoiceRefusal`, `DatabaseError`.
    package func void(
        _ invoice: inout Invoice, _ voiding: Invoice.Voiding, of wallet: inout WalletRow, seller: LegalEntity,
        ids: any IDSource
    ) throws -> (creditNote: Invoice, replacement: Invoice?) {
        if try isCredited(invoice.id) && invoice.state != .void { throw InvoiceRefusal.isCredited }
        try invoice.void(voiding)
        try save(invoice)
        let document = try invoice.content()
        guard let buyer = try billingProfile(of: invoice.organization) else {
            throw DatabaseError(.decoding, "\(invoice.id) belongs to nobody")
        }
        let creditNote = try issue(
            .credit(all: invoice, saying: document, to: buyer, reason: voiding.reason), from: seller,
            to: invoice.organization, ids: ids)
        switch invoice.subject {
        case .purchase:
            let again = InvoiceDraft.replacement(of: invoice, saying: document, to: buyer)
            return (creditNote, try issue(again, from: seller, to: invoice.organization, ids: ids))
        case .month:
            let amounts = document.lines.map { ($0.name ?? "", Dollars(micros: $0.amountMicros)) }
            _ = try post(LedgerTransaction.void(invoice, amounts: amounts), to: &wallet, ids: ids)
            try openCreditLine(of: &wallet, ids: ids)
            return (creditNote, nil)
        }
    }
}
