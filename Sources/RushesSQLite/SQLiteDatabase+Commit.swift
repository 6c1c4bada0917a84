import GRDB
import RushesDatabase

extension SQLiteDatabase {
    /// Bodies run at most so often: the first time and three repetitions.
    private static var runsMax: Int { 4 }

    /// Runs a body in `BEGIN IMMEDIATE` ... `COMMIT` on the writer's queue, again while the database is busy.
    func transact<Result>(
        on connection: GRDB.Database, _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        var runs = 1
        while true {
            do {
                return try transactOnce(on: connection, body)
            } catch let error as RushesDatabase.DatabaseError where error.kind == .busy && runs < Self.runsMax {
                runs += 1
            }
        }
    }

    private func transactOnce<Result>(
        on connection: GRDB.Database, _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        do {
            try connection.beginTransaction(.immediate)
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
        let result: Result
        do {
            result = try body(SQLiteTransaction(connection: connection, now: clock()))
            try faults?.beforeCommit()
        } catch {
            rollBack(connection)
            throw error
        }
        try commit(connection)
        try faults?.afterCommit()
        return result
    }

    private func commit(_ connection: GRDB.Database) throws(RushesDatabase.DatabaseError) {
        guard connection.isInsideTransaction else {
            throw RushesDatabase.DatabaseError(.invalidStatement, "the body ended its own transaction")
        }
        do {
            try connection.commit()
        } catch {
            let failure = RushesDatabase.DatabaseError(sqlite: error)
            rollBack(connection)
            // The frames may be in the log although their fsync failed; a crash now could bring them back.
            guard failure.kind != .fatal else {
                throw RushesDatabase.DatabaseError(.commitOutcomeUnknown, failure.message)
            }
            throw failure
        }
    }

    private func rollBack(_ connection: GRDB.Database) {
        do {
            try connection.rollback()
        } catch {
            // SQLite rolls back by itself on the errors that make ROLLBACK fail; a transaction that is still open
            // would swallow every later write, so the process must not go on.
            precondition(!connection.isInsideTransaction, "a transaction cannot be rolled back: \(error)")
        }
    }
}
