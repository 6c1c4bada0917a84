import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin invoice`
struct AdminInvoiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoice", abstract: "List, print, void and pay invoices.",
        subcommands: [List.self, Print.self, Void.self, Pay.self])

    /// `rushes admin invoice list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an organization's invoices and credit notes, the newest first.")

        @Argument(help: "The organization, org_...")
        var organization: String

        @Option(help: "How many.")
        var limit = 100

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let invoices = try await installation.withClient { client in
                try await pages(limit: limit) {
                    try await client.invoices(of: organization, limit: $0, cursor: $1)
                }
            }
            if installation.json { return try outputJSON(invoices) }
            invoiceTable(invoices.data).forEach(output)
        }
    }

    /// `rushes admin invoice print`
    struct Print: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write an invoice as a page or a PDF.",
            discussion: "--pdf needs weasyprint (Debian: weasyprint, and fonts-noto-cjk for Chinese).")

        @Argument(help: "The invoice, inv_...")
        var invoice: String

        @OptionGroup var pages: InvoicePageOptions
        @OptionGroup var installation: OperatorOptions

        func validate() throws {
            if !pages.areWanted { throw ValidationError("Give --html or --pdf.") }
        }

        func run() async throws {
            try await pages.write { language in
                try await installation.withClient { try await $0.invoicePage(invoice, language: language) }
            }
        }
    }

    /// `rushes admin invoice void`
    struct Void: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take an invoice out of force; it keeps its number, and a credit note takes it back.",
            discussion: """
                The invoice of a purchase, which is paid, is issued anew with what is known of the customer now. What a \
                month's invoice asks for is asked for no more, and the credit line has it again; one that is paid stays.
                """)

        @Argument(help: "The invoice, inv_...")
        var invoice: String

        @Option(help: "Why.")
        var reason: String

        @OptionGroup var name: OperatorName
        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let request = VoidRequest(reason: reason, by: name.text)
            let voided = try await installation.withClient { try await $0.voidInvoice(invoice, request) }
            if installation.json { return try outputJSON(voided) }
            output("\(voided.invoice.number) is void, credit note \(voided.creditNote.number)")
            if let again = voided.replacement { output("issued anew as \(again.number), \(again.id)") }
        }
    }

    /// `rushes admin invoice pay`
    struct Pay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record the payment of a month's invoice: the credit line has it again.")

        @Argument(help: "The invoice, inv_...")
        var invoice: String

        @Option(help: "The payment's reference; the same one never pays twice.")
        var reference: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let request = PaymentReference(reference: reference)
            let paid = try await installation.withClient { try await $0.payInvoice(invoice, request) }
            if installation.json { return try outputJSON(paid) }
            output("\(paid.number) \(paid.status), \(dollars(paid.totalMicros)), reference \(reference)")
        }
    }
}

/// `rushes admin tax`
struct AdminTaxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tax", abstract: "Set the tax on top of an organization's prices, from the next invoice on.")

    @Argument(help: "The organization, org_...")
    var organization: String

    @Option(name: .customLong("rate-basis-points"), help: "Hundredths of a percent: 1900 is 19 %.")
    var rate: Int64

    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let request = TaxRequest(taxRateBasisPoints: rate)
        let profile = try await installation.withClient { try await $0.setTax(of: organization, request) }
        if installation.json { return try outputJSON(profile) }
        profile.lines.forEach(output)
    }
}

/// `rushes admin credit-line`
struct AdminCreditLineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credit-line", abstract: "Set what an organization may use before it pays.",
        discussion: """
            The line is drawn last. What a month (UTC) has used of it is invoiced ten minutes after the month's end, and \
            can be used again when that is paid. A lower limit takes what is free beyond it at once.
            """)

    @Argument(help: "The organization, org_...")
    var organization: String

    @Option(
        name: .customLong("limit-micros"), help: "Used and not yet paid at most, in micro-credits (1000000 = $1).")
    var limit: Int64

    @Option(help: "Why.")
    var reason: String

    @OptionGroup var name: OperatorName
    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let request = CreditLineRequest(limitMicros: limit, reason: reason, by: name.text)
        let line = try await installation.withClient { try await $0.setCreditLine(of: organization, request) }
        if installation.json { return try outputJSON(line) }
        output("credit line of \(line.organizationID): \(dollars(line.limitMicros)), closed up to \(line.closedMonth)")
    }
}
