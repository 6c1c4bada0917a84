import ArgumentParser
import RushesClient
import RushesWire

/// `rushes admin org`
struct AdminOrganizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "org", abstract: "Organizations.", subcommands: [Create.self])

    /// `rushes admin org create`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create an organization with its first API key, which is shown only now.")

        @Argument(help: "The name for people.")
        var name: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let created = try await installation.withClient {
                try await $0.createOrganization(OrganizationRequest(name: name))
            }
            if installation.json { return try outputJSON(created) }
            output("organization  \(created.organizationID)  \(created.name)")
            output("api key       \(created.apiKey)")
            note("the key is not stored and will not be shown again")
        }
    }
}
