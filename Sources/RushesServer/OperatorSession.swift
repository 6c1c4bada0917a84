import Foundation
package import Logging
import RushesDatabase
import RushesEngine
import RushesStore
import ServiceLifecycle

/// Operators' work without a server in between: the installation opens, answers on a socket, and closes again.
///
/// On SQLite that is only possible while no server runs. On PostgreSQL it works beside any number of them.
package enum OperatorSession {
    /// Opens the installation, takes calls on its socket while `body` runs, and closes it.
    ///
    /// - Throws: what `Installation.open` and `body` throw.
    package static func with<Result>(
        _ settings: ServerSettings, logger: Logger, _ body: (_ socketPath: String) async throws -> Result
    ) async throws -> Result {
        if settings.isAlone {
            return try await with(try await Installation.open(settings, logger: logger), logger: logger, body)
        }
        return try await OwnFolder.with { folder in
            let installation = try await Installation.visit(
                settings, socketPath: folder + "/admin.sock", logger: logger)
            return try await with(installation, logger: logger, body)
        }
    }

    /// Gives a role of PostgreSQL what a server needs, and nothing else.
    ///
    /// - Throws: `StartFailure`, also when the installation is on SQLite, which has no roles.
    package static func grant(to role: String, _ settings: ServerSettings, logger: Logger) async throws {
        guard !settings.isAlone else {
            throw StartFailure(.lasting, "SQLite has no roles: give --database-url with --application-role")
        }
        try await OwnFolder.with { folder in
            let installation = try await Installation.visit(settings, socketPath: folder, logger: logger)
            do {
                try await installation.engine.database.write { transaction in
                    for statement in Schema.grants(to: role) { try transaction.execute(statement, []) }
                }
                try await installation.close()
            } catch let error as DatabaseError {
                try? await installation.close()  // The first error is the one that tells.
                throw StartFailure(error, at: installation.opened.place)
            }
        }
    }

    private static func with<Result>(
        _ installation: Installation, logger: Logger, _ body: (_ socketPath: String) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await serving(installation, logger: logger, body)
            try await installation.close()
            return result
        } catch {
            try? await installation.close()  // The first error is the one that tells.
            throw error
        }
    }

    private static func serving<Result>(
        _ installation: Installation, logger: Logger, _ body: (_ socketPath: String) async throws -> Result
    ) async throws -> Result {
        let (starts, start) = AsyncStream.makeStream(of: Void.self)
        let socket = installation.adminSocket(logger: logger) { start.finish() }
        let services = ServiceGroup(services: [socket], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { start.finish() }
                try await services.run()
            }
            for await _ in starts {}
            do {
                let result = try await body(installation.socketPath)
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                return result
            } catch {
                await services.triggerGracefulShutdown()
                try? await group.waitForAll()  // The first error is the one that tells.
                throw error
            }
        }
    }
}

/// A folder that only this user can read, for as long as it is needed.
enum OwnFolder {
    /// Makes one, hands it to `body` and removes it with all that is in it.
    static func with<Result>(_ body: (_ path: String) async throws -> Result) async throws -> Result {
        let path = NSTemporaryDirectory() + "rushes-" + UUID().uuidString.lowercased().prefix(8)
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: path) }  // What stays is the system's to sweep.
        return try await body(path)
    }
}
