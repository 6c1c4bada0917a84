import GRDB
import RushesDatabase

extension SQLiteDatabase {
    /// Copies the whole database, as it is at one moment, into a file that is missing or empty; writers go on.
    ///
    /// The copy is complete when this returns, but not yet durable: the caller syncs it before it relies on it.
    /// - Throws: `DatabaseError`.
    package func copy(into path: String) async throws {
        try requireOpen()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            // Outside any transaction, on a connection for reading: the copy is a snapshot of its own.
            connections.asyncUnsafeRead { connection in
                continuation.resume(
                    with: Swift.Result {
                        do {
                            try connection.get().execute(sql: "VACUUM INTO ?", arguments: [path])
                        } catch {
                            throw RushesDatabase.DatabaseError(sqlite: error)
                        }
                    })
            }
        }
    }
}
