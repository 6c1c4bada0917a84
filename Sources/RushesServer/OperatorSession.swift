package import Logging
import ServiceLifecycle

/// Operators' work while no server runs: the installation opens, answers on its own socket, and closes again.
package enum OperatorSession {
    /// Opens the installation, takes calls on its socket while `body` runs, and closes it.
    ///
    /// - Throws: what `Installation.open` and `body` throw.
    package static func with<Result>(
        _ settings: ServerSettings, logger: Logger, _ body: (_ socketPath: String) async throws -> Result
    ) async throws -> Result {
        let installation = try await Installation.open(settings, logger: logger)
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
                let result = try await body(installation.directory.socketPath)
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
