import ArgumentParser
import RushesClient
import RushesWire

/// `rushes show`
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a batch: counts, money, and why tasks failed.")

    @Argument(help: "The batch, bat_...")
    var batch: String

    @Flag(help: "List every task, not only the failed ones.")
    var tasks = false

    @OptionGroup var customer: CustomerOptions

    func run() async throws {
        try await customer.withClient { client in
            let body = try await client.batch(batch)
            guard tasks else {
                let failed = body.counts.failed > 0 ? try await client.allTasks(of: batch, status: "failed") : []
                return try show(body, failed)
            }
            let all = try await client.allTasks(of: batch)
            if customer.json { return try outputJSON(ListBody(data: all, nextCursor: nil)) }
            table(all).forEach(output)
        }
    }

    private func show(_ body: BatchBody, _ failed: [TaskBody]) throws {
        if customer.json { return try outputJSON(body) }
        body.lines.forEach(output)
        guard !failed.isEmpty else { return }
        output("")
        failureTable(failed, unitPriceMicros: body.unitPriceMicros).forEach(output)
    }

    private func table(_ tasks: [TaskBody]) -> [String] {
        var table = Table([
            ("TASK", .left), ("ID", .left), ("STATUS", .left), ("FAILURE", .left), ("ATTEMPTS", .right),
            ("CHARGED", .right), ("ASSET", .left),
        ])
        for task in tasks {
            table.add([
                task.customID, task.id, task.status, task.failure?.type ?? "", "\(task.attempts)",
                task.chargedMicros.map(dollars) ?? "", task.assetID ?? "",
            ])
        }
        return table.lines
    }
}
