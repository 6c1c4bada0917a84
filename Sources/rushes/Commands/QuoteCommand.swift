import ArgumentParser
import RushesClient
import RushesWire

/// `rushes quote`
struct QuoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote", abstract: "Say what a file would cost and how long it would take; nothing is written.",
        discussion:
            "Exits 5 when the wallet cannot pay it or is suspended, 6 when rows are wrong (each is listed with row and column)."
    )

    @OptionGroup var sheet: SheetOptions
    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        let file = try sheet.read()
        let quote = try await customer.withClient { try await $0.quote(file) }
        if customer.json { try outputJSON(quote) } else { lines(quote).forEach(output) }
        if quote.shortMicros > 0 || quote.suspended { throw ExitCode(ExitStatus.credits.rawValue) }
    }

    private func lines(_ quote: QuoteBody) -> [String] {
        [
            "\(quote.count) x \(dollars(quote.unitPriceMicros)) = \(dollars(quote.totalMicros))"
                + "  (\(quote.model), price book \(quote.priceVersion))",
            "wallet: \(dollars(quote.availableMicros)) available, "
                + (quote.availableAfterMicros.map { "\(dollars($0)) afterwards" }
                    ?? "\(dollars(quote.shortMicros)) missing"),
            "expected time about \(duration(Int(quote.etaSeconds)))\(quote.etaIsMeasured ? ", by the last jobs" : ""); "
                + "tasks that wait longer than \(quote.windowHours) h are refunded",
        ] + (quote.suspended ? ["suspended: a payment is disputed, so it would be refused now"] : [])
    }
}
