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
        return PostgresTransaction(on: connection, now: time.atBegin(serverTime))
    }

    func setSavepoint() throws { try connection.enqueue([Self.savepoint]) }

    /// What the body has left for a round trip is sent with it, so that its failure is the body's own.
    func releaseSavepoint() throws {
        let hasWritten = !connection.enqueued.isEmpty
        try connection.enqueue([Self.release])
        if hasWritten { try connection.sendEnqueued() }
    }

    func rollBackToSavepoint() throws {
        if let start = connection.enqueued.lastIndex(where: { $0.sql == Self.savepoint.sql }) {
            // Nothing of the body was sent.
            connection.enqueued.removeSubrange(start...)
            return
        }
        connection.enqueued = []
        try connection.pipeline([Self.rollback, Self.release]) { _, _ in }
    }

    /// What waits for a round trip goes with COMMIT, which the server does not run when one of it fails.
    func commit() throws {
        do {
            let answer = try connection.execute("COMMIT", [])
            guard answer.command != "ROLLBACK" else {
                throw DatabaseError(.invalidStatement, "the body went on after a statement of it had failed")
            }
        } catch let error as DatabaseError where connection.isBroken || error.kind == .connectionLost {
            isSpoilt = true
            try doubt.resolve(transactionNumber, serverStartedAt: connection.serverStartedAt, error)
        } catch {
            rollBack()
            throw error
        }
        commits.add()
    }

    func rollBack() {
        connection.enqueued = []
        do {
            _ = try connection.execute("ROLLBACK", [])
        } catch {
            // The server rolls back what a closed connection leaves behind.
            isSpoilt = true
        }
    }

    private static let savepoint: Execution = ("SAVEPOINT body", [])
    private static let release: Execution = ("RELEASE body", [])
    private static let rollback: Execution = ("ROLLBACK TO body", [])
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
