import Foundation
import RushesClient

extension OperatorOptions {
    /// Runs `body` on the installation: through the running server's socket when one answers, else by opening it here.
    func withActions<Result>(_ body: (any OperatorActions) async throws -> Result) async throws -> Result {
        let socket = URL(fileURLWithPath: directory).standardizedFileURL.appendingPathComponent("admin.sock").path
        return try await AdminClient.withConnection(socketPath: socket) { try await body($0) }
    }
}
