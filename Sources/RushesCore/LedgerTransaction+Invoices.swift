extension LedgerTransaction {
    /// A lot of a credit line: nobody has paid for it, and no cash waits.
    package static func creditLine(granting lot: Lot) -> LedgerTransaction {
        LedgerTransaction(
            .creditLine, reference: "credit_line:\(lot.id)",
            [.credits(.issuance, -lot.face), .credits(.lotAvailable(lot.id), lot.face)])
    }

    /// What was free of a credit line's lot has gone. The key says how much has gone in all: what comes back goes at
    /// once, also within the same millisecond.
    package static func ending(of lot: Lot, _ amount: Credits) -> LedgerTransaction {
        LedgerTransaction(
            .expiry, reference: "expire:\(lot.id):\(lot.gone.expired.micros)",
            [.credits(.lotAvailable(lot.id), -amount), .credits(.expired, amount)])
    }

    /// The key of a month's invoice, so that no month is asked for twice.
    package static func invoiceReference(_ month: CalendarMonth, of organization: OrganizationID) -> String {
        "invoice:\(organization):\(month)"
    }

    /// A month's use is asked for: it is earned, and its tax is owed to the state.
    package static func invoice(
        _ sums: InvoiceSums, _ uses: [CreditLineUse], for month: CalendarMonth, of organization: OrganizationID
    ) -> LedgerTransaction {
        LedgerTransaction(
            .invoice, reference: invoiceReference(month, of: organization),
            [.dollars(.receivable, sums.total)] + revenue(uses.map { ($0.model, -$0.net) })
                + [.dollars(.tax, -sums.tax)])
    }

    /// An invoice of a month is paid.
    package static func payment(of invoice: Invoice, reference: String) -> LedgerTransaction {
        LedgerTransaction(
            .payment, reference: "payment:\(reference)",
            [.dollars(.cash, invoice.sums.total), .dollars(.receivable, -invoice.sums.total)])
    }

    /// An invoice of a month is not asked for any more; `amounts` are those of its lines, by model.
    package static func void(_ invoice: Invoice, amounts: [(model: String, net: Dollars)]) -> LedgerTransaction {
        LedgerTransaction(
            .void, reference: "void:\(invoice.id)",
            [.dollars(.receivable, -invoice.sums.total)] + revenue(amounts.map { ($0.model, $0.net) })
                + [.dollars(.tax, invoice.sums.tax)])
    }

    private static func revenue(_ amounts: [(model: String, net: Dollars)]) -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        var models: [String] = []
        for (model, _) in amounts where !models.contains(model) { models.append(model) }
        for model in models {
            let sum = amounts.reduce(Dollars.zero) { $1.model == model ? $0 + $1.net : $0 }
            entries.append(.dollars(.revenue(model: model), sum))
        }
        return entries
    }
}
