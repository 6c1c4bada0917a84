import ArgumentParser
import Foundation
import RushesClient

/// How a customer's command reaches its server. The key is never a flag: other users of the machine can read those.
struct CustomerOptions: ParsableArguments {
    @Option(
        name: .customLong("base-url"),
        help: "The server (RUSHES_BASE_URL; default http://127.0.0.1:8080). The key comes from RUSHES_API_KEY.")
    var baseURL: String?

    @Flag(help: "Write JSON to stdout.")
    var json = false

    /// Opens the connection and runs `body`; `attempts` bounds the repetitions of what may be repeated.
    func withClient<Result>(
        attempts: Int = 4, _ body: (RushesClient) async throws -> Result
    ) async throws -> Result {
        let environment = ProcessInfo.processInfo.environment
        guard let key = environment["RUSHES_API_KEY"], !key.isEmpty else {
            throw Complaint(
                message: "no API key: set RUSHES_API_KEY",
                details: ["an operator makes one with: rushes admin key create ORG"], status: .authentication)
        }
        let server = baseURL ?? environment["RUSHES_BASE_URL"] ?? "http://127.0.0.1:8080"
        return try await RushesClient.withConnection(
            baseURL: server, apiKey: key, retry: RetryPolicy(attemptsMax: attempts) { try await Task.sleep(for: $0) },
            body)
    }
}
