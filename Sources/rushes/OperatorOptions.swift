import ArgumentParser
import Foundation

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
