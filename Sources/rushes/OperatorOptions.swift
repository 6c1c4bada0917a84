import ArgumentParser
import RushesClient
import RushesServer

/// Which installation an operator's command works on.
struct OperatorOptions: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: "The folder of an installation on SQLite (RUSHES_DATA_DIR; default rushes-data).",
        completion: .directory)
    var dataDirectory: String?

    @Option(
        name: .customLong("database-url"),
        help: ArgumentHelp(
            "The database of an installation on PostgreSQL, with or without running servers (RUSHES_DATABASE_URL).",
            valueName: "postgres://..."))
    var databaseURL: String?

    @Option(
        name: .customLong("blob-dir"),
        help: "The folder of the videos, which check looks into (RUSHES_BLOB_DIR; default DIR/blobs).",
        completion: .directory)
    var blobDirectory: String?

    @Flag(help: "Write JSON to stdout.")
    var json = false
}

extension OperatorOptions {
    /// Where the installation is: flags, then environment, then defaults.
    func settings() throws -> ServerSettings {
        let flags = ["dataDir": dataDirectory, "databaseUrl": databaseURL, "blobDir": blobDirectory]
        return try ServerSettings.load(flags: flags.compactMapValues { $0 })
    }

    /// Runs `body` on the installation.
    func withClient<Result>(_ body: (AdminClient) async throws -> Result) async throws -> Result {
        try await OperatorConnection(settings: try settings()).withClient(body)
    }
}
