import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin sla credit`
struct AdminServiceCreditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credit", abstract: "Give back what a month's missed promises owe, each once.",
        discussion: """
            For each organization and model: IN TIME is the part of its delivered and timed out tasks that came \
            within the time promised when their batch was frozen. When it is below a step of sla_credits in the \
            catalogue that was in force at the month's end, that step's part of CHARGED (what the delivered videos \
            cost) comes back as a gift of the kind sla_credit, which never expires and whose reason is the \
            computation. --dry-run only shows it. Repeating the command grants nothing twice.
            """)

    @Option(help: "A month that is over (ten minutes after its end in UTC), such as 2026-10.")
    var month: String

    @Option(help: "One organization, org_...; all of them when it is not given.")
    var organization: String?

    @Flag(name: .customLong("dry-run"), help: "Only show what would be given back.")
    var isDryRun = false

    @Flag(help: "Comma-separated values, one line for each organization and model.")
    var csv = false

    @OptionGroup var name: OperatorName
    @OptionGroup var installation: OperatorOptions

    func validate() throws {
        if csv && installation.json { throw ValidationError("Give --csv or --json, not both.") }
    }

    func run() async throws {
        let report = try await installation.withClient { client in
            if isDryRun { return try await client.serviceCredits(month: month, of: organization) }
            return try await client.grantServiceCredits(
                ServiceCreditRequest(month: month, organizationID: organization, by: name.text))
        }
        if installation.json { return try outputJSON(report) }
        for line in csv ? report.csvLines : report.textLines { output(line) }
    }
}

extension ServiceCreditReport {
    fileprivate var csvLines: [String] {
        let columns = [
            "month", "organization_id", "model", "delivered", "within_target", "timed_out", "within_target_ppm",
            "charged_micros", "below_basis_points", "credit_basis_points", "credit_micros", "grant_id",
        ]
        return [columns.joined(separator: ",")]
            + lines.map { line in
                let values: [Int64?] =
                    [line.delivered, line.withinTarget, line.timedOut, line.withinTargetPPM].map(int)
                    + [line.chargedMicros, int(line.belowBasisPoints), int(line.creditBasisPoints), line.creditMicros]
                let texts = [month, line.organizationID, line.model].map(CSVText.cell)
                let grant = line.grantID.map(CSVText.cell) ?? ""
                return (texts + values.map { $0.map(CSVText.cell) ?? "" } + [grant]).joined(separator: ",")
            }
    }

    private func int(_ value: Int?) -> Int64? { value.map(Int64.init) }

    fileprivate var textLines: [String] {
        var table = Table([
            ("ORGANIZATION", .left), ("MODEL", .left), ("DELIVERED", .right), ("TIMED OUT", .right),
            ("IN TIME", .right), ("CHARGED", .right), ("BELOW", .right), ("BACK", .right), ("CREDIT", .right),
            ("GRANT", .left),
        ])
        for line in lines {
            table.add([
                line.organizationID, line.model, "\(line.delivered)", "\(line.timedOut)",
                percent(line.withinTargetPPM), dollars(line.chargedMicros),
                percent(line.belowBasisPoints.map { $0 * 100 }), percent(line.creditBasisPoints.map { $0 * 100 }),
                dollars(line.creditMicros), line.grantID ?? "-",
            ])
        }
        let sum = "\(month): \(dollars(totalMicros)) to give back, of which \(dollars(grantedMicros)) were granted"
        return (lines.isEmpty ? [] : table.lines + [""]) + [sum]
    }
}
