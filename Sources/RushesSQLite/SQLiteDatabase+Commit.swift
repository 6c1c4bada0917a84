import GRDB
import RushesDatabase
import Synchronization

/// Transactions on the writer's connection.
struct SQLiteTransactionControl: TransactionControl {
    let database: SQLiteDatabase
    let connection: GRDB.Database

    func begin() throws -> any SQLTransaction {
        do {
            try connection.beginTransaction(.immediate)
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
        return SQLiteTransaction(connection: connection, now: database.clock())
    }

    func setSavepoint() throws { try execute("SAVEPOINT body") }

    func releaseSavepoint() throws { try execute("RELEASE body") }

    func rollBackToSavepoint() throws {
        try execute("ROLLBACK TO body")
        try execute("RELEASE body")
    }

    func commit() throws {
        do {
            try database.faults?.beforeCommit()
        } catch {
            rollBack()
            throw error
        }
        try commitDurably()
        try database.faults?.afterCommit()
    }

    private func commitDurably() throws(RushesDatabase.DatabaseError) {
        guard connection.isInsideTransaction else {
            throw RushesDatabase.DatabaseError(.invalidStatement, "the body ended its own transaction")
        }
        do {
            try connection.commit()
            database.commitCount.add(1, ordering: .relaxed)
        } catch {
            let failure = RushesDatabase.DatabaseError(sqlite: error)
            rollBack()
            // The frames may be in the log although their fsync failed; a crash now could bring them back.
            guard failure.kind != .fatal else {
                throw RushesDatabase.DatabaseError(.commitOutcomeUnknown, failure.message)
            }
            throw failure
        }
    }

    func rollBack() {
        do {
            try connection.rollback()
        } catch {
            // SQLite rolls back by itself on the errors that make ROLLBACK fail; a transaction that is still open
            // would swallow every later write, so the process must not go on.
            precondition(!connection.isInsideTransaction, "a transaction cannot be rolled back: \(error)")
        }
    }

    private func execute(_ sql: String) throws(RushesDatabase.DatabaseError) {
        do {
            // Not through GRDB's own savepoints, which would count this transaction as one of its own.
            let statement = try connection.cachedStatement(sql: sql)
            try statement.execute()
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
    }
}
