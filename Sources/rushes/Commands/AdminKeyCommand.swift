import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin key`
struct AdminKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "API keys.", subcommands: [Create.self])

    /// `rushes admin key create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Create a further API key, which is shown only now.")

        @Argument(help: "The organization, org_...")
        var organization: String

        @Option(help: "A name for people.")
        var name: String?

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let created = try await installation.withClient {
                try await $0.createKey(for: organization, KeyRequest(name: name))
            }
            if installation.json { return try outputJSON(created) }
            output(created.apiKey)
            note("\(created.keyID) of \(created.organizationID); the key is not stored and will not be shown again")
        }
    }
}
