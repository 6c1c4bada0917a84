import GRDB
import GRDBSQLite
import RushesDatabase
import Synchronization

/// Watches how long the write-ahead log is and empties it from the writer's queue.
final class WriteAheadLog: Sendable {
    /// Pages in the log after the last commit, as SQLite reports them.
    private let pages = Atomic(0)
    private let schedule = Mutex(CheckpointSchedule())
    private let checkpointFailed: @Sendable (RushesDatabase.DatabaseError) -> Void

    init(checkpointFailed: @escaping @Sendable (RushesDatabase.DatabaseError) -> Void) {
        self.checkpointFailed = checkpointFailed
    }

    /// Has SQLite report the length of the log after each commit of the writer.
    ///
    /// The pointer stays valid: the database that owns the connection owns this object as long, and closing a
    /// connection commits nothing.
    func observe(_ writer: GRDB.Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            writer.sqliteConnection,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                let log = Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue()
                log.pages.store(Int(pages), ordering: .relaxed)
                return SQLITE_OK
            }, context)
    }

    /// Checkpoints when the log has grown enough since the last time; called on the writer's queue after a write.
    func checkpointIfGrown(_ writer: GRDB.Database) {
        let pages = pages.load(ordering: .relaxed)
        guard let mode = schedule.withLock({ $0.checkpoint(afterPages: pages) }) else { return }
        do {
            try writer.checkpoint(mode)
        } catch {
            let failure = RushesDatabase.DatabaseError(sqlite: error)
            // Busy means that a reader is in the way; the next thousand pages try again.
            if failure.kind != .busy { checkpointFailed(failure) }
        }
    }

    /// Empties the log for good, before closing.
    func finish(_ writer: GRDB.Database) throws {
        sqlite3_wal_hook(writer.sqliteConnection, nil, nil)
        try writer.checkpoint(.truncate)
    }
}

/// When the log is copied into the file: without waiting each 1,000 pages, and to its end beyond 64 MiB.
struct CheckpointSchedule {
    static let pagesBetweenCheckpoints = 1_000
    static let pagesBeforeTruncation = 64 * 1_024 * 1_024 / 4_096

    private var pagesAtLast = 0

    /// What to do when the log has this many pages after a commit.
    mutating func checkpoint(afterPages pages: Int) -> GRDB.Database.CheckpointMode? {
        // A shorter log has been begun anew.
        if pages < pagesAtLast { pagesAtLast = 0 }
        guard pages - pagesAtLast >= Self.pagesBetweenCheckpoints else { return nil }
        pagesAtLast = pages
        return pages > Self.pagesBeforeTruncation ? .truncate : .passive
    }
}
