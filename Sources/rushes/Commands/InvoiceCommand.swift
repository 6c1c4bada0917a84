import ArgumentParser
import Foundation
import RushesClient
import RushesWire

/// `rushes invoice`
struct InvoiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invoice", abstract: "Show invoices and credit notes, as text, page or PDF.",
        discussion: """
            A purchase has its invoice as soon as it is granted; a credit line has one for each month, ten minutes after \
            the month's end (UTC). What an invoice says never changes.
            """,
        subcommands: [List.self, Show.self], defaultSubcommand: List.self)

    /// `rushes invoice list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show invoices and credit notes, the newest first.")

        @Option(help: "How many.")
        var limit = 100

        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            let invoices = try await customer.withClient { client in
                try await pages(limit: limit) { try await client.invoices(limit: $0, cursor: $1) }
            }
            if customer.json { return try outputJSON(invoices) }
            invoiceTable(invoices.data).forEach(output)
        }
    }

    /// `rushes invoice show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show an invoice, or write it as a page or a PDF.",
            discussion: "--pdf needs weasyprint (Debian: weasyprint, and fonts-noto-cjk for Chinese).")

        @Argument(help: "The invoice, inv_...")
        var invoice: String

        @OptionGroup var pages: InvoicePageOptions
        @OptionGroup var customer: CustomerOptions

        func run() async throws {
            if pages.areWanted {
                return try await pages.write { language in
                    try await customer.withClient { try await $0.invoicePage(invoice, language: language) }
                }
            }
            let found = try await customer.withClient { try await $0.invoice(invoice) }
            if customer.json { return try outputJSON(found) }
            found.lines.forEach(output)
        }
    }
}

/// Where an invoice is written to, and in which language.
struct InvoicePageOptions: ParsableArguments {
    @Option(help: "Write the invoice as a page to this file.", completion: .file())
    var html: String?

    @Option(help: "Write the invoice as a PDF to this file.", completion: .file())
    var pdf: String?

    @Option(help: "The language of page and PDF: en or zh.")
    var lang = "en"

    /// True when a file is to be written.
    var areWanted: Bool { html != nil || pdf != nil }

    /// Writes the files from the page that `page` gets in a language.
    func write(_ page: (String) async throws -> [UInt8]) async throws {
        let printer = try pdf.map { _ in try PDFPrinter.find() }
        let bytes = try await page(lang)
        if let html { try Data(bytes).write(to: URL(fileURLWithPath: html)) }
        if let pdf { try printer?.write(bytes, to: pdf) }
    }
}

/// Invoices for people.
func invoiceTable(_ invoices: [InvoiceBody]) -> [String] {
    var table = Table([
        ("INVOICE", .left), ("NUMBER", .left), ("STATUS", .left), ("FOR", .left), ("NET", .right), ("TAX", .right),
        ("TOTAL", .right), ("ISSUED", .left),
    ])
    for invoice in invoices {
        table.add([
            invoice.id, invoice.number, invoice.kind == "credit_note" ? "credit note" : invoice.status,
            invoice.month ?? invoice.purchaseID ?? "", dollars(invoice.netMicros), dollars(invoice.taxMicros),
            dollars(invoice.totalMicros), invoice.issuedAt,
        ])
    }
    return table.lines
}

extension InvoiceBody {
    /// What `invoice show` prints for people.
    var lines: [String] {
        let facts: [(String, String?)] = [
            (kind == "credit_note" ? "credit note" : "invoice", "\(number)  \(id)"), ("status", status),
            ("issued", issuedAt), ("purchase", purchaseID), ("month", month),
            ("credits invoice", creditedInvoiceID), ("net", dollars(netMicros)), ("tax", dollars(taxMicros)),
            ("total", dollars(totalMicros)), ("payment", paymentReference), ("paid", paidAt), ("voided", voidedAt),
            ("reason", voidReason), ("document sha256", documentSHA256),
        ]
        return facts.compactMap { name, value in
            value.map { name + String(repeating: " ", count: 17 - name.count) + $0 }
        }
    }
}
