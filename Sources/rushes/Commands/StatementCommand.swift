import ArgumentParser
import Foundation
import RushesClient
import RushesWire

/// `rushes statement`
struct StatementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Show what happened to the credits in a month.",
        discussion: """
            Months are of UTC. A closed month is the same, byte by byte, whenever it is asked for. --pdf needs weasyprint \
            (Debian: weasyprint, and fonts-noto-cjk for Chinese).
            """)

    @Argument(help: "The month, such as 2026-11 (default: the list of months).")
    var month: String?

    @Option(help: "Write the statement as a page to this file.", completion: .file())
    var html: String?

    @Option(help: "Write the statement as a PDF to this file.", completion: .file())
    var pdf: String?

    @Option(help: "The language of page and PDF: en or zh.")
    var lang = "en"

    @OptionGroup var customer: CustomerOptions

    func validate() throws {
        if month == nil && (html != nil || pdf != nil) { throw ValidationError("--html and --pdf need a month.") }
    }

    func run() async throws {
        guard let month else {
            let months = try await customer.withClient { try await $0.statements() }
            if customer.json { return try outputJSON(months) }
            for each in months.data { output("\(each.month)  \(each.closed ? "closed" : "running")") }
            return
        }
        if html != nil || pdf != nil { return try await writePages(of: month) }
        let statement = try await customer.withClient { try await $0.statement(month) }
        if customer.json { return try outputJSON(statement) }
        statement.lines.forEach(output)
    }

    private func writePages(of month: String) async throws {
        let printer = try pdf.map { _ in try PDFPrinter.find() }
        let page = try await customer.withClient { try await $0.statementPage(month, language: lang) }
        if let html { try Data(page).write(to: URL(fileURLWithPath: html)) }
        if let pdf { try printer?.write(page, to: pdf) }
    }
}

extension StatementBody {
    /// What `statement` prints for people.
    var lines: [String] {
        [
            "\(month) of \(organizationID) (\(closed ? "closed" : "still running"))",
            "transactions \(firstSeq.map { "\($0) to \(lastSeq)" } ?? "none"), chain head \(chainHead)", "",
        ] + movementTable.lines + [""] + holdTable.lines + (lots.isEmpty ? [] : [""] + lotTable.lines)
    }

    private var movementTable: Table {
        var table = Table([("CREDITS", .left), ("AMOUNT", .right)])
        table.add(["opening", dollars(opening.totalMicros)])
        table.add(["bought (\(dollars(movements.paidMicros)) paid)", signedDollars(movements.boughtMicros)])
        table.add(["granted", signedDollars(movements.grantedMicros)])
        table.add(["adjusted", signedDollars(movements.adjustedMicros)])
        for model in movements.captured {
            table.add(["charged for \(model.model)", signedDollars(-model.capturedMicros)])
        }
        table.add(["expired", signedDollars(-movements.expiredMicros)])
        table.add(["revoked (\(dollars(movements.refundedMicros)) paid back)", signedDollars(-movements.revokedMicros)])
        table.add(["closing", dollars(closing.totalMicros)])
        return table
    }

    private var holdTable: Table {
        var table = Table([("FROZEN", .left), ("AMOUNT", .right)])
        table.add(["frozen at the beginning", dollars(opening.heldMicros)])
        table.add(["frozen for batches", signedDollars(holds.openedMicros)])
        table.add(["given back", signedDollars(-holds.releasedMicros)])
        let captured = opening.heldMicros + holds.openedMicros - holds.releasedMicros - closing.heldMicros
        table.add(["charged", signedDollars(-captured)])
        table.add(["frozen at the end", dollars(closing.heldMicros)])
        return table
    }

    private var lotTable: Table {
        var table = Table([
            ("LOT", .left), ("KIND", .left), ("PAID", .right), ("GRANTED", .right), ("AVAILABLE", .right),
            ("HELD", .right), ("CHARGED", .right), ("EXPIRED", .right), ("REVOKED", .right), ("ADJUSTED", .right),
        ])
        for lot in lots {
            table.add(
                [lot.lotID, lot.kind]
                    + [
                        lot.paidMicros, lot.faceMicros, lot.availableMicros, lot.heldMicros, lot.capturedMicros,
                        lot.expiredMicros, lot.revokedMicros, lot.adjustedMicros,
                    ].map(dollars))
        }
        return table
    }
}
