import RushesCore
import RushesDatabase
import RushesSQLite
import RushesTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("The SQLite driver")
struct SQLiteDatabaseTests {
    @Test("INSERT OR REPLACE does not get around an append-only trigger", arguments: [TestDatabase.memory, .file])
    func recursiveTriggers(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            try await database.write { transaction in
                try transaction.execute("CREATE TABLE ledger (id BIGINT PRIMARY KEY, amount BIGINT)", [])
                try transaction.execute(
                    """
                    CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
                    BEGIN SELECT RAISE(ABORT, 'append-only'); END
                    """, [])
                try transaction.execute("INSERT INTO ledger VALUES (1, 5)", [])
            }
            await #expect(throws: DatabaseError(.constraintViolation, Self.replaceRefused)) {
                try await database.write { try $0.execute("INSERT OR REPLACE INTO ledger VALUES (1, 6)", []) }
            }
            #expect(try await database.read { try $0.query("SELECT amount FROM ledger", []) } == [SQLRow([5])])
        }
    }

    private static let replaceRefused =
        "SQLite 1811: append-only in: INSERT OR REPLACE INTO ledger VALUES (1, 6)"

    @Test("the settings hold on readers and on the writer")
    func settings() async throws {
        try await TestDatabase.withFile { database in
            let pragmas = ["foreign_keys", "recursive_triggers", "wal_autocheckpoint"]
            let reading = try await database.read { reader in
                try pragmas.map { try reader.query("PRAGMA \($0)", [])[0].int(0) }
            }
            #expect(reading == [1, 1, 0])
            let writing = try await database.write { writer in
                try (pragmas + ["synchronous"]).map { try writer.query("PRAGMA \($0)", [])[0].int(0) }
            }
            #expect(writing == [1, 1, 0, 2])
            #expect(try await database.read { try $0.query("PRAGMA journal_mode", [])[0].text(0) } == "wal")
            #expect(try await database.quickCheck() == [])
            #expect(SQLiteDatabase.sqliteVersion.hasPrefix("3."))
        }
    }

    @Test("a transaction's time is the clock at its beginning")
    func transactionTime() async throws {
        let ticks = Mutex<Int64>(0)
        let clock: @Sendable () -> Timestamp = {
            ticks.withLock {
                $0 += 1
                return Timestamp(milliseconds: $0)
            }
        }
        try await TestDatabase.memory.with(clock: clock) { database in
            let times = try await database.write { transaction in
                [transaction.now, transaction.now].map(\.milliseconds)
            }
            #expect(times == [1, 1])
            #expect(try await database.read { $0.now.milliseconds } == 2)
        }
    }

    @Test("a file keeps what was committed, and a closed database refuses work")
    func reopen() async throws {
        try await TemporaryFolder.with { folder in
            for expected in 0...2 {
                let database = try Self.open(folder + "/rushes.sqlite")
                let count = try await database.write { transaction in
                    try transaction.execute("CREATE TABLE IF NOT EXISTS run (n BIGINT)", [])
                    let count = try transaction.query("SELECT COUNT(*) FROM run", [])[0].int(0)
                    try transaction.execute("INSERT INTO run VALUES ($1)", [.int(count)])
                    return count
                }
                #expect(count == expected)
                try await database.close()
                await #expect(throws: DatabaseError(.unavailable, "the database is closed")) {
                    try await database.read { try $0.query("SELECT 1", []) }
                }
            }
        }
    }

    @Test("a file that is no database, or in no folder, does not open")
    func doesNotOpen() async throws {
        try await TemporaryFolder.with { folder in
            #expect(throws: DatabaseError.self) { try Self.open(folder + "/missing/rushes.sqlite") }
            #expect(throws: DatabaseError.self) { try Self.open("/etc/passwd") }
        }
    }

    @Test("the write-ahead log is emptied while the database grows")
    func checkpoints() async throws {
        try await TemporaryFolder.with { folder in
            let database = try Self.open(folder + "/rushes.sqlite")
            try await database.write { try $0.execute("CREATE TABLE page (n BIGINT, filling TEXT)", []) }
            let filling = SQLValue.text(String(repeating: "x", count: 3_500))
            // 40 commits of 200 pages: a log that is never emptied would be 32 MiB long.
            for commit in 0..<40 {
                let rows = (0..<200).map { [SQLValue.int(200 * commit + $0), filling] }
                try await database.write { try $0.bulkInsert("page", ["n", "filling"], rows) }
            }
            let log = try FileManager.default.attributesOfItem(atPath: folder + "/rushes.sqlite-wal")
            let bytes = try #require(log[.size] as? Int)
            #expect(bytes < 12 * 1_024 * 1_024)
            try await database.close()
            let closedLog = try? FileManager.default.attributesOfItem(atPath: folder + "/rushes.sqlite-wal")
            #expect((closedLog?[.size] as? Int ?? 0) == 0)
        }
    }

    private static func open(_ path: String) throws -> SQLiteDatabase {
        try SQLiteDatabase.file(path, clock: { Timestamp(milliseconds: 0) }, checkpointFailed: { _ in })
    }
}
