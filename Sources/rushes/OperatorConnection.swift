import Foundation
import Logging
import RushesClient
import RushesServer
import RushesWire

/// The way to an installation for its operator, whether a server runs on it or not.
struct OperatorConnection {
    /// Where the installation is.
    let settings: ServerSettings

    private var socketPath: String {
        URL(fileURLWithPath: settings.dataDirectory).standardizedFileURL.appendingPathComponent("admin.sock").path
    }

    /// Lets `body` speak to the operators' API.
    ///
    /// On PostgreSQL the command opens the database itself, beside any servers. On SQLite it connects to the running
    /// server's socket, and without a server opens the installation. Where it opens, it answers on a socket for as long
    /// as `body` runs, so that there is one way in and one set of rules.
    func withClient<Result>(_ body: (AdminClient) async throws -> Result) async throws -> Result {
        if settings.database == .sqlite, try await isServerThere() {
            return try await AdminClient.withConnection(socketPath: socketPath, body)
        }
        return try await OperatorSession.with(settings, logger: Self.logger) { socketPath in
            try await AdminClient.withConnection(socketPath: socketPath, body)
        }
    }

    /// Errors only: what a command has to say stands in its answer.
    static var logger: Logger {
        Logger(label: "rushes") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .error
            return handler
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
