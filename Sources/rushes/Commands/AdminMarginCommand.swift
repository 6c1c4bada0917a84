import ArgumentParser
import Foundation
import RushesClient
import RushesWire

/// `rushes admin margin`
struct AdminMarginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "margin", abstract: "What was earned and what it cost, by day, organization and model.",
        discussion: """
            Cost is the price that the catalogue had for a generation (cost_micros of a route) when the attempt was \
            dispatched; nothing for what the provider did not accept. Without a price it is not known, and counted apart. \
            BILLED is what imported bills say of it (rushes admin cost import). REFUNDED is what tasks cost that were refunded, LEAKED what the provider made after the refund; both are in COST. \
            DISPUTES is what banks took back of payments, in lines without a model.
            """)

    @Option(help: "The first day in UTC, such as 2026-11-01; the first of this month when it is not given.")
    var from: String?

    @Option(help: "The last day; today when it is not given.")
    var to: String?

    @Flag(help: "Comma-separated values, one line for each day, organization and model.")
    var csv = false

    @OptionGroup var installation: OperatorOptions

    func validate() throws {
        if csv && installation.json { throw ValidationError("Give --csv or --json, not both.") }
    }

    func run() async throws {
        let today = String(Date().ISO8601Format().prefix(10))
        let (first, last) = (from ?? today.prefix(8) + "01", to ?? today)
        let report = try await installation.withClient { try await $0.margins(from: first, to: last) }
        if installation.json { return try outputJSON(report) }
        for line in csv ? report.csvLines : report.lines(dollars) { output(line) }
    }
}

extension MarginReportBody {
    fileprivate var csvLines: [String] {
        let columns = [
            "day", "organization_id", "model", "revenue_micros", "cost_micros", "refunded_cost_micros",
            "leaked_cost_micros", "billed_cost_micros", "margin_micros", "attempts", "unknown_attempts",
            "dispute_loss_micros",
        ]
        return [columns.joined(separator: ",")]
            + lines.map { line in
                let margin = line.margin
                let amounts = [
                    margin.revenueMicros, margin.costMicros, margin.refundedCostMicros, margin.leakedCostMicros,
                    margin.billedCostMicros, margin.marginMicros, Int64(margin.attempts), Int64(margin.unknownAttempts),
                    margin.disputeLossMicros,
                ]
                let subject = [line.day, line.organizationID, line.model].map(CSVText.cell)
                return (subject + amounts.map(CSVText.cell)).joined(separator: ",")
            }
    }

    fileprivate func lines(_ money: (Int64) -> String) -> [String] {
        var table = Table([
            ("DAY", .left), ("ORGANIZATION", .left), ("MODEL", .left), ("REVENUE", .right), ("COST", .right),
            ("BILLED", .right), ("REFUNDED", .right), ("LEAKED", .right), ("DISPUTES", .right), ("MARGIN", .right),
            ("ATTEMPTS", .right), ("UNKNOWN", .right),
        ])
        func add(_ day: String, _ organization: String, _ model: String, _ margin: MarginBody) {
            table.add([
                day, organization, model, money(margin.revenueMicros), money(margin.costMicros),
                money(margin.billedCostMicros), money(margin.refundedCostMicros), money(margin.leakedCostMicros),
                money(margin.disputeLossMicros), money(margin.marginMicros),
                "\(margin.attempts)", "\(margin.unknownAttempts)",
            ])
        }
        for line in lines { add(line.day, line.organizationID, line.model, line.margin) }
        add("total", "", "", total)
        let unmatched = unmatchedCostMicros
        return table.lines + (unmatched == 0 ? [] : ["billed for jobs that nobody owns here: \(money(unmatched))"])
    }
}
