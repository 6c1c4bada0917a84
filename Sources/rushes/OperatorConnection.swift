import Foundation
import Logging
import RushesClient
import RushesServer
import RushesWire

/// The way to an installation for its operator, whether a server runs on it or not.
struct OperatorConnection {
    /// The data directory.
    let directory: String

    private var socketPath: String {
        URL(fileURLWithPath: directory).standardizedFileURL.appendingPathComponent("admin.sock").path
    }

    /// Connects to the running server's socket; without a server, opens the installation and answers on the socket
    /// itself for as long as `body` runs, so that there is one way in and one set of rules.
    func withClient<Result>(_ body: (AdminClient) async throws -> Result) async throws -> Result {
        if try await isServerThere() { return try await AdminClient.withConnection(socketPath: socketPath, body) }
        let settings = try ServerSettings.load(flags: ["dataDir": directory])
        let logger = Logger(label: "rushes") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .error
            return handler
        }
        return try await OperatorSession.with(settings, logger: logger) { socketPath in
            try await AdminClient.withConnection(socketPath: socketPath, body)
        }
    }

    private func isServerThere() async throws -> Bool {
        guard FileManager.default.fileExists(atPath: socketPath) else { return false }
        do {
            _ = try await AdminClient.withConnection(socketPath: socketPath) { try await $0.migrations() }
            return true
        } catch RushesClientError.unreachable {
            return false
        }
    }
}
