import ArgumentParser
import RushesClient
import RushesWire

/// `rushes migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database to the program's schema and show its steps.",
        discussion: "A server does the same when it starts.")

    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        let state = try await installation.withClient { try await $0.migrations() }
        if installation.json { return try outputJSON(state) }
        var table = Table([("STEP", .right), ("NAME", .left), ("APPLIED", .left)])
        for step in state.data { table.add(["\(step.number)", step.name, step.appliedAt ?? "missing"]) }
        table.lines.forEach(output)
        note("the database has version \(state.version) of \(state.known)")
    }
}
