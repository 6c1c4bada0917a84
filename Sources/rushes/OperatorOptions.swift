import ArgumentParser
import Foundation
import RushesClient

/// Which installation an operator's command works on.
struct OperatorOptions: ParsableArguments {
    @Option(
        name: .customLong("data-dir"), help: "The installation's folder (RUSHES_DATA_DIR; default rushes-data).",
        completion: .directory)
    var dataDirectory: String?

    @Flag(help: "Write JSON to stdout.")
    var json = false

    /// The folder: flag, then environment, then default.
    var directory: String {
        dataDirectory ?? ProcessInfo.processInfo.environment["RUSHES_DATA_DIR"] ?? "rushes-data"
    }
}

extension OperatorOptions {
    /// Runs `body` on the installation.
    func withClient<Result>(_ body: (AdminClient) async throws -> Result) async throws -> Result {
        try await OperatorConnection(directory: directory).withClient(body)
    }
}
