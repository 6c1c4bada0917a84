import ArgumentParser
import RushesClient
import RushesServer
import RushesWire

/// `rushes admin catalog`
struct AdminCatalogueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Models, prices, routes and packages.",
        subcommands: [Show.self, Apply.self, Versions.self],
        defaultSubcommand: Show.self)

    /// `rushes admin catalog show`
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the catalogue in force as JSON, which `apply` reads again.")

        @Option(help: "Another version than the one in force.")
        var version: Int?

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            try outputJSON(try await installation.withClient { try await $0.catalogue(version: version) })
        }
    }

    /// `rushes admin catalog apply`
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a catalogue in force as the next version; running batches keep their price.",
            discussion: """
                With --from it takes force at that time by the database's clock, without anybody doing something, and \
                whatever is applied before. To change or withdraw a version that waits, apply another one for the same \
                time: the higher version counts.
                """)

        @Argument(help: "A .yaml or .json file.", completion: .file(extensions: ["yaml", "yml", "json"]))
        var file: String

        @Option(help: "A time to come, such as 2026-12-01T00:00:00Z (default: now).")
        var from: String?

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let wanted = try CatalogueFile(path: file).body()
            let applied = try await installation.withClient { try await $0.applyCatalogue(wanted, from: from) }
            if installation.json { return try outputJSON(applied) }
            output(
                "price book \(applied.version ?? 0), in force from \(applied.inForceFrom ?? "now"): "
                    + applied.models.map(\.id).joined(separator: ", "))
        }
    }

    /// `rushes admin catalog versions`
    struct Versions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the versions with their dates and prices, the newest first.")

        @OptionGroup var installation: OperatorOptions

        func run() async throws {
            let versions = try await installation.withClient { try await $0.catalogueVersions() }
            if installation.json { return try outputJSON(versions) }
            var table = Table([
                ("VERSION", .right), ("STATE", .left), ("IN FORCE FROM", .left), ("MODEL", .left), ("PRICE", .right),
                ("BATCH", .left), ("SECONDS", .left), ("SIZES", .left), ("SLA", .right),
            ])
            for version in versions.data {
                for model in version.models {
                    table.add([
                        String(version.version), version.state, version.inForceFrom, model.id,
                        dollars(model.unitPriceMicros), "\(model.minBatch)-\(model.maxBatch)",
                        model.seconds.map(String.init).joined(separator: ","), model.sizes.joined(separator: ","),
                        "\(model.slaSeconds) s",
                    ])
                }
            }
            table.lines.forEach(output)
        }
    }
}
