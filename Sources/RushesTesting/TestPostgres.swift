package import RushesCore
import RushesDatabase
package import RushesPostgres
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// New databases on the PostgreSQL server of the tests.
package enum TestPostgres {
    /// The address of a database on which others may be made; nil without a server.
    package static let url = ProcessInfo.processInfo.environment["RUSHES_TEST_POSTGRES"]
    /// Tests that use the server at the same time, at most: each has connections of its own.
    private static let places = Places(12)
    private static let number = Atomic(0)

    /// Runs `work` on an empty database and drops it afterwards.
    ///
    /// - Parameters:
    ///   - clock: the time of transactions; nil for the server's own.
    ///   - writers: connections for writing.
    /// - Throws: what `work` throws, or `DatabaseError`.
    package static func withDatabase<Result>(
        clock: (@Sendable () -> Timestamp)?, writers: Int = 3, _ work: (PostgresDatabase) async throws -> Result
    ) async throws -> Result {
        let made = try await make(clock: clock, writers: writers)
        return try await ending(made.end) { try await work(made.database) }
    }

    /// Makes an empty database, runs `work` with its address and drops it with every connection to it.
    ///
    /// - Throws: what `work` throws, or `DatabaseError`.
    package static func withURL<Result>(_ work: (_ url: String) async throws -> Result) async throws -> Result {
        let made = try await makeEmpty()
        return try await ending(made.end) { try await work(made.url) }
    }

    /// Runs `work`, and `end` whether it threw or not.
    private static func ending<Result>(
        _ end: () async throws -> Void, _ work: () async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await work()
            try await end()
            return result
        } catch {
            // The first error is the one that tells; the server itself goes with the run.
            try? await end()
            throw error
        }
    }

    /// An open empty database, and what closes and drops it.
    static func make(
        clock: (@Sendable () -> Timestamp)?, writers: Int = 3
    ) async throws -> (database: PostgresDatabase, end: @Sendable () async throws -> Void) {
        let (url, end) = try await makeEmpty()
        var settings = PostgresSettings(url: url, applicationName: "rushes-tests")
        settings.writers = writers
        settings.readers = 2
        let database = try await PostgresDatabase.open(settings, clock: clock, report: { _ in })
        return (
            database,
            {
                await database.close()
                try await end()
            }
        )
    }

    private static func makeEmpty() async throws -> (url: String, end: @Sendable () async throws -> Void) {
        guard let url else { throw DatabaseError(.unavailable, "RUSHES_TEST_POSTGRES names no server") }
        await places.take()
        let process = ProcessInfo.processInfo.processIdentifier
        let name = "rushes_test_\(process)_\(number.add(1, ordering: .relaxed).newValue)"
        try await PostgresMaintenance.run("CREATE DATABASE \(name)", on: url)
        return (
            try address(of: name, on: url),
            {
                try await PostgresMaintenance.run("DROP DATABASE \(name) WITH (FORCE)", on: url)
                places.give()
            }
        )
    }

    private static func address(of name: String, on url: String) throws -> String {
        guard var parts = URLComponents(string: url) else { throw DatabaseError(.unavailable, "no address: \(url)") }
        parts.path = "/" + name
        return parts.string ?? url
    }
}

/// A number of places that tests wait for.
private final class Places: Sendable {
    private struct State {
        var free: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isTaken = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiters.append(continuation)
                return false
            }
            if isTaken { continuation.resume() }
        }
    }

    func give() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiters.isEmpty {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.resume()
    }
}
