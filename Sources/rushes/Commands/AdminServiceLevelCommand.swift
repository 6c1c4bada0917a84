import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin sla`
struct AdminServiceLevelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sla", abstract: "How a month's promises were kept, and what is given back where they were not.",
        subcommands: [Show.self, AdminServiceCreditCommand.self], defaultSubcommand: Show.self)

    /// `rushes admin sla show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a month's availability, and each model's times.",
            discussion: """
                Times are known to about a tenth. IN TIME is the part of delivered and timed out tasks that came within \
                the time promised when their batch was frozen, counted from dispatch.
                """)

        @Option(help: "The month in UTC, such as 2026-11; this month when it is not given.")
        var month: String?

        @Flag(help: "Comma-separated values, one line for each model.")
        var csv = false

        @OptionGroup var installation: OperatorOptions

        func validate() throws {
            if csv && installation.json { throw ValidationError("Give --csv or --json, not both.") }
        }

        func run() async throws {
            let report = try await installation.withClient { try await $0.serviceLevels(month: month) }
            if installation.json { return try outputJSON(report) }
            for line in csv ? report.csvLines : report.lines { output(line) }
        }
    }
}

extension ServiceLevelReport {
    fileprivate var csvLines: [String] {
        let columns = [
            "month", "model", "target_seconds", "delivered", "within_target", "within_target_ppm", "timed_out",
            "failed", "from_dispatch_p50_ms", "from_dispatch_p95_ms", "from_dispatch_p99_ms", "from_creation_p50_ms",
            "from_creation_p95_ms", "from_creation_p99_ms", "availability_ppm", "down_minutes", "budget_left_minutes",
        ]
        return [columns.joined(separator: ",")]
            + models.map { model in
                let values: [Int64?] =
                    [model.targetSeconds, model.delivered, model.withinTarget, model.withinTargetPPM].map(int)
                    + [int(model.timedOut), int(model.failed)]
                    + [model.fromDispatch.p50MS, model.fromDispatch.p95MS, model.fromDispatch.p99MS]
                    + [model.fromCreation.p50MS, model.fromCreation.p95MS, model.fromCreation.p99MS]
                    + [availability.ppm, availability.downMinutes, availability.budgetLeftMinutes].map(int)
                let subject = [month, model.model].map(CSVText.cell)
                return (subject + values.map { $0.map(CSVText.cell) ?? "" }).joined(separator: ",")
            }
    }

    private func int(_ value: Int?) -> Int64? { value.map(Int64.init) }

    fileprivate var lines: [String] {
        var table = Table([
            ("MODEL", .left), ("TARGET", .right), ("DELIVERED", .right), ("IN TIME", .right), ("TIMED OUT", .right),
            ("FAILED", .right), ("P50", .right), ("P95", .right), ("P99", .right), ("P95 FROM CREATION", .right),
        ])
        for model in models {
            table.add([
                model.model, model.targetSeconds.map { "\($0) s" } ?? "", "\(model.delivered)",
                percent(model.withinTargetPPM), "\(model.timedOut)", "\(model.failed)",
                seconds(model.fromDispatch.p50MS), seconds(model.fromDispatch.p95MS), seconds(model.fromDispatch.p99MS),
                seconds(model.fromCreation.p95MS),
            ])
        }
        let left = availability.budgetLeftMinutes
        return [
            "\(month): API up \(percent(availability.ppm)) of \(availability.measuredMinutes) minutes, promised "
                + "\(percent(availability.targetPPM)); \(availability.downMinutes) minutes down, \(left) of "
                + "\(availability.budgetMinutes) left", "",
        ] + table.lines
    }

    private func seconds(_ milliseconds: Int64?) -> String {
        milliseconds.map { "\($0 / 1_000).\($0 % 1_000 / 100) s" } ?? "-"
    }
}
