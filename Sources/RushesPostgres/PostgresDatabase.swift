package import RushesCore
package import RushesDatabase
import Synchronization

/// The `Database` port over PostgreSQL: two pools of connections, each connection with a thread of its own.
///
/// Writes are READ COMMITTED with the row locks that the store names, reads are one snapshot. A transaction that was
/// asked for runs to its end also when the caller's task is cancelled.
package final class PostgresDatabase: Database {
    private let writers: ConnectionPool<WaitingWrite>
    private let readers: ConnectionPool<WaitingRead>
    private let threads = Threads()
    /// The server's version, such as `15.18`.
    package let serverVersion: String

    /// Connects; the first connection is made before this returns, the others meanwhile.
    ///
    /// - Parameters:
    ///   - settings: the server and the limits.
    ///   - clock: the time of transactions, in tests; nil for the server's own time.
    ///   - report: told about connections that are made and break.
    /// - Throws: `DatabaseError` when the server cannot be reached or cannot be used.
    package static func open(
        _ settings: PostgresSettings, clock: (@Sendable () -> Timestamp)? = nil,
        report: @escaping @Sendable (PostgresEvent) -> Void
    ) async throws -> PostgresDatabase {
        let version = try await OneThread.run { () throws(DatabaseError) in
            try PostgresConnection(settings, writes: true).serverVersion
        }
        return PostgresDatabase(settings, clock: clock, serverVersion: version, report: report)
    }

    private init(
        _ settings: PostgresSettings, clock: (@Sendable () -> Timestamp)?, serverVersion: String,
        report: @escaping @Sendable (PostgresEvent) -> Void
    ) {
        let writers = ConnectionPool<WaitingWrite>(
            settings, isWriting: true, groupMax: Self.groupMax, report: report)
        let readers = ConnectionPool<WaitingRead>(settings, isWriting: false, groupMax: Self.groupMax, report: report)
        let time = TransactionTime(injected: clock, server: DatabaseClock())
        let doubt = CommitDoubt(settings: settings)
        let commits = CommitCount()
        self.writers = writers
        self.readers = readers
        self.serverVersion = serverVersion
        count = commits
        for number in 0..<settings.writers {
            let thread = ConnectionThread(number, of: writers) { writes, connection in
                let control = PostgresTransactionControl(connection, time: time, doubt: doubt, commits: commits)
                return (control.commitTogether(writes), control.isSpoilt)
            }
            thread.start(named: "postgres writer", ended: threads.begin())
        }
        for number in 0..<settings.readers {
            let thread = ConnectionThread(number, of: readers) { reads, connection in
                Self.perform(reads, on: connection, time)
            }
            thread.start(named: "postgres reader", ended: threads.begin())
        }
    }

    /// Bodies that share a transaction, and queries that share a round trip, at most.
    private static let groupMax = 64
    private let count: CommitCount

    package func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            readers.queue.append(WaitingRead(body, answering: continuation))
        }
    }

    package func read<Result: Sendable>(_ query: SingleQuery<Result>) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            readers.queue.append(WaitingRead(query, answering: continuation))
        }
    }

    @discardableResult
    package func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            writers.queue.append(WaitingWrite(group: group, body: body, answering: continuation))
        }
    }

    /// How the pools stand now.
    package var statistics: PostgresStatistics {
        PostgresStatistics(writers: writers.statistics, readers: readers.statistics, commits: count.value)
    }

    /// Finishes the work that waits and closes every connection; later calls throw `unavailable`.
    package func close() async {
        writers.queue.close()
        readers.queue.close()
        await threads.allEnded()
    }

    /// Performs a read, or queries that are sent together.
    private static func perform(
        _ reads: [WaitingRead], on connection: PostgresConnection, _ time: TransactionTime
    ) -> (again: [WaitingRead], isSpoilt: Bool) {
        switch reads[0].kind {
        case .body(let body): perform(body, reads[0], on: connection, time)
        case .query: (performTogether(reads, on: connection), false)
        }
    }

    private static func perform(
        _ body: (any SQLReading) throws -> @Sendable () -> Void, _ read: WaitingRead,
        on connection: PostgresConnection, _ time: TransactionTime
    ) -> (again: [WaitingRead], isSpoilt: Bool) {
        var isSpoilt = false
        do {
            let transaction = PostgresTransaction(on: connection, now: try time.atRead(on: connection))
            try connection.enqueue([(beginReading, [])])
            defer { isSpoilt = !end(connection) }
            // Answered before the end of the transaction: a read's commit changes nothing.
            try body(transaction)()
        } catch {
            return ([read.again(after: error)].compactMap { $0 }, isSpoilt)
        }
        return ([], isSpoilt)
    }

    /// Sends queries in one round trip; when one of them fails, it and those behind it go one by one, so that each has
    /// an error of its own.
    private static func performTogether(
        _ reads: [WaitingRead], on connection: PostgresConnection
    ) -> [WaitingRead] {
        let groups = readsByQuestion(reads)
        let questions = groups.map { $0[0].question }
        var next = 0
        do {
            try connection.pipeline(questions.map { ($0.sql, $0.values) }) { index, answer throws(DatabaseError) in
                next = index + 1
                let rows = rows(of: answer, questions[index].sql)
                for read in groups[index] { read.answer(rows) }
            }
            return []
        } catch {
            let left = groups[next...].flatMap(\.self)
            if groups.count == 1 || connection.isBroken { return left.compactMap { $0.again(after: error) } }
            return left.flatMap { performTogether([$0], on: connection) }
        }
    }

    /// Reads that ask the same, together, in the order of the first of each. None of them was sent yet, so that one
    /// answer is as new as each of them may expect.
    private static func readsByQuestion(_ reads: [WaitingRead]) -> [[WaitingRead]] {
        var groups: [[WaitingRead]] = []
        var places: [SQLQuestion: Int] = [:]
        for read in reads {
            if let place = places[read.question] {
                groups[place].append(read)
            } else {
                places[read.question] = groups.count
                groups.append([read])
            }
        }
        return groups
    }

    private static func rows(of answer: borrowing PostgresAnswer, _ sql: String) -> Result<[SQLRow], DatabaseError> {
        do throws(DatabaseError) {
            return .success(try answer.rows(sql))
        } catch {
            return .failure(error)
        }
    }

    /// One snapshot for all queries of a read; goes with the first of them.
    private static let beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    /// Ends a read; false when the connection is no longer good.
    private static func end(_ connection: PostgresConnection) -> Bool {
        if !connection.enqueued.isEmpty {
            // BEGIN was never sent.
            connection.enqueued = []
            return true
        }
        do {
            _ = try connection.execute("ROLLBACK", [])
            return true
        } catch {
            return false
        }
    }
}

/// Transactions that were committed.
final class CommitCount: Sendable {
    private let count = Atomic(0)

    func add() { count.add(1, ordering: .relaxed) }
    var value: Int { count.load(ordering: .relaxed) }
}
