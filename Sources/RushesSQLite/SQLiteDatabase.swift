import GRDB
import GRDBSQLite
package import RushesCore
package import RushesDatabase
import Synchronization

/// The `Database` port over SQLite: a file in WAL mode with one writer and several readers, or memory.
///
/// A transaction that was asked for runs to its end also when the caller's task is cancelled, so that an answer never
/// lies about a commit. No second process may open a live file: the server holds a lock file, this driver does not.
package final class SQLiteDatabase: RushesDatabase.Database {
    /// The version of the SQLite library in use, such as `3.40.1`.
    package static var sqliteVersion: String { String(cString: sqlite3_libversion()) }

    let connections: any DatabaseWriter
    private let queries = WaitingQueries()
    let clock: @Sendable () -> Timestamp
    let faults: (any CommitFaults)?
    let log: WriteAheadLog?
    private let queue = WriteQueue()
    let commitCount = Atomic(0)
    private let isClosed = Atomic(false)

    /// Commits so far; several writes may share one.
    package var commits: Int { commitCount.load(ordering: .relaxed) }

    private init(
        connections: any DatabaseWriter, clock: @escaping @Sendable () -> Timestamp, faults: (any CommitFaults)?,
        log: WriteAheadLog?
    ) {
        self.connections = connections
        self.clock = clock
        self.faults = faults
        self.log = log
    }

    /// Opens or creates a database file; commits are durable (`synchronous=FULL`) when `write` returns.
    ///
    /// - Parameters:
    ///   - path: the file; its folder exists.
    ///   - readers: connections for reading, at most.
    ///   - clock: the time of a transaction, read at its beginning.
    ///   - checkpointFailed: told about a checkpoint that failed for another reason than being busy; it is tried again.
    /// - Throws: `DatabaseError`; `unavailable` when a setting that the ledger relies on does not hold.
    package static func file(
        _ path: String,
        readers: Int = 4,
        clock: @escaping @Sendable () -> Timestamp,
        checkpointFailed: @escaping @Sendable (RushesDatabase.DatabaseError) -> Void
    ) throws(RushesDatabase.DatabaseError) -> SQLiteDatabase {
        do {
            var configuration = Self.configuration
            configuration.maximumReaderCount = readers
            let pool = try DatabasePool(path: path, configuration: configuration)
            let log = WriteAheadLog(checkpointFailed: checkpointFailed)
            try pool.writeWithoutTransaction { connection in
                // GRDB sets NORMAL while it switches to WAL, so this has to come after the opening.
                try connection.require("synchronous", "FULL", readBack: 2)
                log.observe(connection)
            }
            return SQLiteDatabase(connections: pool, clock: clock, faults: nil, log: log)
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
    }

    /// Makes an empty database in memory, for tests and simulation: one connection, nothing durable.
    ///
    /// - Throws: `DatabaseError`.
    package static func memory(
        clock: @escaping @Sendable () -> Timestamp,
        faults: (any CommitFaults)? = nil
    ) throws(RushesDatabase.DatabaseError) -> SQLiteDatabase {
        do {
            let queue = try DatabaseQueue(configuration: Self.configuration)
            return SQLiteDatabase(connections: queue, clock: clock, faults: faults, log: nil)
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
    }

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        try requireOpen()
        return try await withCheckedThrowingContinuation { continuation in
            let answer: @Sendable (Swift.Result<GRDB.Database, any Error>) -> Void = { [clock, isMemory] connection in
                continuation.resume(
                    with: Swift.Result {
                        do {
                            return try body(
                                SQLiteTransaction(connection: connection.get(), now: clock(), onlyReads: isMemory))
                        } catch let error as GRDB.DatabaseError {
                            throw RushesDatabase.DatabaseError(sqlite: error)
                        }
                    })
            }
            // In memory there is one connection, and a body runs alone on it, so it sees one snapshot. Making it
            // read-only for each read would have SQLite compile every statement again.
            if isMemory { connections.asyncUnsafeRead(answer) } else { connections.asyncRead(answer) }
        }
    }

    package func read<Result: Sendable>(_ query: SingleQuery<Result>) async throws -> Result {
        try requireOpen()
        return try await withCheckedThrowingContinuation { continuation in
            let needsReader = queries.append(query.question) { rows in
                continuation.resume(with: Swift.Result { try query.reading(rows.get()) })
            }
            if needsReader { connections.asyncUnsafeRead { [self] connection in answerQueries(on: connection) } }
        }
    }

    private func answerQueries(on connection: Swift.Result<GRDB.Database, any Error>) {
        queries.answerAll { question in
            Swift.Result {
                do {
                    return try SQLiteTransaction(connection: connection.get(), now: clock(), onlyReads: isMemory)
                        .query(question.sql, question.values)
                } catch let error as GRDB.DatabaseError {
                    throw RushesDatabase.DatabaseError(sqlite: error)
                }
            }
        }
    }

    private var isMemory: Bool { log == nil }

    @discardableResult
    package func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        try requireOpen()
        return try await withCheckedThrowingContinuation { continuation in
            queue.append(WaitingWrite(group: group, body: body, answering: continuation))
            // One visit for each write, so that none is forgotten; a visit that finds nothing costs nothing.
            connections.asyncWriteWithoutTransaction { [self] connection in commitWaiting(on: connection) }
        }
    }

    /// Commits the writes that wait, all in one transaction; those that met a conflict go again, each alone.
    private func commitWaiting(on connection: GRDB.Database) {
        let control = SQLiteTransactionControl(database: self, connection: connection)
        var again = control.commitTogether(queue.takeGroup())
        while !again.isEmpty {
            let next = again.removeFirst()
            again = control.commitTogether([next]) + again
        }
        // After the answers: no caller waits for the checkpoint, the next writer may.
        log?.checkpointIfGrown(connection)
    }

    /// The defects that `PRAGMA quick_check` finds; empty when the file is sound.
    ///
    /// - Throws: `DatabaseError`.
    package func quickCheck() async throws -> [String] {
        try await read { reader in
            try reader.query("PRAGMA quick_check", []).map { try $0.text(0) }.filter { $0 != "ok" }
        }
    }

    /// Empties the write-ahead log into the file and closes every connection; later calls throw `unavailable`.
    ///
    /// - Throws: `DatabaseError`.
    package func close() async throws {
        guard !isClosed.exchange(true, ordering: .sequentiallyConsistent) else { return }
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            connections.asyncBarrierWriteWithoutTransaction { [log] connection in
                continuation.resume(
                    with: Swift.Result {
                        do {
                            let writer = try connection.get()
                            if let log { try log.finish(writer) }
                        } catch {
                            throw RushesDatabase.DatabaseError(sqlite: error)
                        }
                    })
            }
        }
        do {
            try connections.close()
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
    }

    func requireOpen() throws(RushesDatabase.DatabaseError) {
        guard !isClosed.load(ordering: .sequentiallyConsistent) else {
            throw RushesDatabase.DatabaseError(.unavailable, "the database is closed")
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { connection in
            try connection.require("foreign_keys", "ON", readBack: 1)
            // Without it, INSERT OR REPLACE deletes rows behind the back of the triggers that seal the ledger.
            try connection.require("recursive_triggers", "ON", readBack: 1)
            // What a savepoint may have to put back stays in memory: writes that share a commit each have one.
            try connection.require("temp_store", "MEMORY", readBack: 2)
            // Only the writer checkpoints, after its commits (WriteAheadLog).
            try connection.require("wal_autocheckpoint", "0", readBack: 0)
        }
        return configuration
    }
}

extension GRDB.Database {
    /// Sets a pragma and refuses to go on when the database does not confirm it.
    fileprivate func require(_ pragma: String, _ value: String, readBack expected: Int) throws {
        // Drained, since some pragmas answer their new value as a row.
        _ = try Row.fetchAll(self, sql: "PRAGMA \(pragma) = \(value)")
        let found = try Int.fetchOne(self, sql: "PRAGMA \(pragma)")
        guard found == expected else {
            throw RushesDatabase.DatabaseError(
                .unavailable, "PRAGMA \(pragma) is \(found.map(String.init) ?? "unknown") and must be \(expected)")
        }
    }
}
