import ArgumentParser
import RushesClient
import RushesServer
import RushesWire

/// `rushes migrate`
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Bring the database to the program's schema and show its steps.",
        discussion: """
            A server does the same when it starts, if its role may. On PostgreSQL, servers can run under a role that only
            adds and changes rows, so that it can neither rewrite the ledger nor switch off what guards it: give its
            name here, as the owner of the tables, after each release.
            """)

    @Option(
        name: .customLong("application-role"), help: "A role of PostgreSQL that is given what a server needs.")
    var applicationRole: String?

    @OptionGroup var installation: OperatorOptions

    func run() async throws {
        if let applicationRole {
            let logger = OperatorConnection.logger
            try await OperatorSession.grant(to: applicationRole, try installation.settings(), logger: logger)
            note("\(applicationRole) may run servers, and nothing more")
        }
        let state = try await installation.withClient { try await $0.migrations() }
        if installation.json { return try outputJSON(state) }
        var table = Table([("STEP", .right), ("NAME", .left), ("APPLIED", .left)])
        for step in state.data { table.add(["\(step.number)", step.name, step.appliedAt ?? "missing"]) }
        table.lines.forEach(output)
        note("the database has version \(state.version) of \(state.known)")
    }
}
