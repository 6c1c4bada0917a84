import ArgumentParser
import RushesClient
import RushesServer
import RushesWire

/// `rushes admin catalog`
struct AdminCatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Models, prices, routes and packages.", subcommands: [Show.self, Apply.self],
        defaultSubcommand: Show.self)

    /// `rushes admin catalog show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the catalogue in force as JSON, which `apply` reads again.")

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            try outputJSON(try await installation.withClient { try await $0.catalogue() })
        }
    }

    /// `rushes admin catalog apply`
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a catalogue in force as the next version; running batches keep their price.")

        @Argument(help: "A .yaml or .json file.", completion: .file(extensions: ["yaml", "yml", "json"]))
        var file: String

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let wanted = try CatalogueFile(path: file).body()
            let applied = try await installation.withClient { try await $0.applyCatalogue(wanted) }
            if installation.json { return try outputJSON(applied) }
            output("price book \(applied.version ?? 0): \(applied.models.map(\.id).joined(separator: ", "))")
        }
    }
}
