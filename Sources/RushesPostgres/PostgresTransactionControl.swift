import RushesCore
import RushesDatabase

/// Read-write transactions of one connection.
final class PostgresTransactionControl: TransactionControl {
    private let connection: PostgresConnection
    private let time: TransactionTime
    private let doubt: CommitDoubt
    private let commits: CommitCount
    /// The server's number of the transaction: by it a commit in doubt is looked up.
    private var transactionNumber = ""
    /// True when the connection must not be used again.
    private(set) var isSpoilt = false

    init(_ connection: PostgresConnection, time: TransactionTime, doubt: CommitDoubt, commits: CommitCount) {
        self.connection = connection
        self.time = time
        self.doubt = doubt
        self.commits = commits
    }

    func begin() throws -> any SQLTransaction {
        var serverTime = Timestamp(milliseconds: 0)
        try connection.pipeline([(Self.beginning, []), (Self.identity, [])]) { index, answer throws(DatabaseError) in
            guard index == 1, let row = try answer.rows(Self.identity).first else { return }
            serverTime = Timestamp(milliseconds: try row.integer(0))
            transactionNumber = try row.text(1)
        }
        return PostgresTransaction(writing: connection, now: time.atBegin(serverTime))
    }

    func setSavepoint() throws { _ = try connection.execute("SAVEPOINT body", []) }

    func releaseSavepoint() throws { _ = try connection.execute("RELEASE body", []) }

    func rollBackToSavepoint() throws {
        try connection.pipeline([("ROLLBACK TO body", []), ("RELEASE body", [])]) { _, _ in }
    }

    func commit() throws {
        do {
            let answer = try connection.execute("COMMIT", [])
            guard answer.command != "ROLLBACK" else {
                throw DatabaseError(.invalidStatement, "the body went on after a statement of it had failed")
            }
        } catch let error as DatabaseError where connection.isBroken || error.kind == .connectionLost {
            isSpoilt = true
            try doubt.resolve(transactionNumber, serverStartedAt: connection.serverStartedAt, error)
        }
        commits.add()
    }

    func rollBack() {
        do {
            _ = try connection.execute("ROLLBACK", [])
        } catch {
            // The server rolls back what a closed connection leaves behind.
            isSpoilt = true
        }
    }

    private static let beginning = "BEGIN ISOLATION LEVEL READ COMMITTED"
    private static let identity =
        "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT), CAST(pg_current_xact_id() AS TEXT)"
}

/// Where a transaction's time comes from: the server, or the clock of a test.
struct TransactionTime: Sendable {
    let injected: (@Sendable () -> Timestamp)?
    let server: DatabaseClock

    /// The time of a write, given the server's time as its BEGIN answered it.
    func atBegin(_ serverTime: Timestamp) -> Timestamp {
        server.note(serverTime)
        return injected?() ?? serverTime
    }

    /// The time of a read; the server is asked only when it was not for a while.
    func atRead(on connection: PostgresConnection) throws(DatabaseError) -> Timestamp {
        if let injected { return injected() }
        if let now = server.now { return now }
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
        let now = Timestamp(milliseconds: try connection.execute(sql, []).rows(sql)[0].integer(0))
        server.note(now)
        return now
    }
}
