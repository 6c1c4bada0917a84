import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesPostgres
import RushesStore

/// The way to a PostgreSQL that may still be starting; the driver itself refuses one that cannot hold an installation.
struct PostgresStart: Sendable {
    let address: DatabaseAddress
    let writers: Int
    let readers: Int
    let environment: RushesEngine.Environment
    let logger: Logger

    private static let firstPauseMilliseconds: Int64 = 250
    private static let pauseMillisecondsMax: Int64 = 5_000

    /// Opens it, and while that fails for a reason that may pass, says so and tries again for so long.
    ///
    /// - Throws: `StartFailure`.
    func open(patienceSeconds: Int) async throws -> OpenedDatabase {
        let end = environment.now().adding(seconds: patienceSeconds)
        var pause = Self.firstPauseMilliseconds
        while true {
            do {
                return try await attempt()
            } catch let failure as StartFailure where failure.kind == .passing && environment.now() < end {
                logger.warning(
                    "waiting for the database",
                    metadata: ["reason": "\(failure)", "next_attempt_ms": "\(pause)"])
                try await environment.sleep(pause)
                pause = min(2 * pause, Self.pauseMillisecondsMax)
            }
        }
    }

    private func attempt() async throws -> OpenedDatabase {
        do {
            var settings = PostgresSettings(url: address.reveal(), applicationName: "rushes")
            settings.writers = writers
            settings.readers = readers
            let database = try await PostgresDatabase.open(settings, clock: nil) { [logger] event in logger.note(event)
            }
            let opened = OpenedDatabase.postgres(database, address)
            try await opened.closedOnError { try await opened.migrate(logger) }
            logger.info(
                "database opened",
                metadata: ["postgres": "\(database.serverVersion)", "database": "\(address.shown)"])
            return opened
        } catch let error as DatabaseError {
            throw StartFailure(error, at: address.shown)
        }
    }
}

extension Logger {
    /// What the driver tells while it works.
    func note(_ event: PostgresEvent) {
        switch event {
        case .connected(let again):
            if again { notice("database connection is back") } else { debug("database connection made") }
        case .disconnected(let reason, let milliseconds):
            warning(
                "database connection lost", metadata: ["reason": "\(reason)", "next_attempt_ms": "\(milliseconds)"])
        }
    }
}
