import Foundation
import ServiceLifecycle

/// The operators' socket: a left-over of a killed server is removed first, and nothing is left after a proper stop.
///
/// The data directory is readable by its owner only, so nobody else reaches the socket even before its own rights are
/// set.
struct AdminSocket: Service {
    let path: String
    let application: any Service

    func run() async throws {
        unlink(path)
        defer { unlink(path) }
        try await application.run()
    }

    /// Gives the bound socket to its owner alone.
    static func restrict(_ path: String) {
        chmod(path, 0o600)
    }
}
