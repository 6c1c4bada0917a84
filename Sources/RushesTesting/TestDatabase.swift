package import RushesCore
package import RushesDatabase
package import RushesSQLite

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The databases that tests of the store, the engine and the edge run on.
package enum TestDatabase: String, Sendable, CaseIterable {
    /// SQLite in memory.
    case memory
    /// SQLite in a file of a new folder.
    case file
    /// PostgreSQL: a new database of the server that `RUSHES_TEST_POSTGRES` names, as `scripts/with-postgres` sets it.
    case postgres

    /// The databases that are there: without the variable, as in a quick run by hand, SQLite alone.
    package static var allCases: [TestDatabase] {
        [.memory, .file] + (TestPostgres.url == nil ? [] : [.postgres])
    }

    /// One SQLite and one PostgreSQL, for suites that are slow.
    package static var oneOfEach: [TestDatabase] { allCases.filter { $0 != .file } }

    /// Runs `work` on an empty database and removes it afterwards.
    ///
    /// - Throws: what `work` throws, or `DatabaseError`.
    package func with<Result>(
        clock: @escaping @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_795_000_000_000) },
        _ work: (any Database) async throws -> Result
    ) async throws -> Result {
        switch self {
        case .memory:
            return try await work(SQLiteDatabase.memory(clock: clock))
        case .file:
            return try await Self.withFile(clock: clock, work)
        case .postgres:
            return try await TestPostgres.withDatabase(clock: clock, work)
        }
    }

    /// Runs `work` on an empty SQLite file.
    ///
    /// - Throws: what `work` throws, or `DatabaseError`.
    package static func withFile<Result>(
        clock: @escaping @Sendable () -> Timestamp = { Timestamp(milliseconds: 1_795_000_000_000) },
        _ work: (SQLiteDatabase) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            let database = try SQLiteDatabase.file(
                folder + "/rushes.sqlite", clock: clock,
                checkpointFailed: { failure in preconditionFailure("checkpoint: \(failure)") })
            let result = try await work(database)
            try await database.close()
            return result
        }
    }
}

/// A folder for one test.
package enum TemporaryFolder {
    /// Makes a new folder, runs `work` with its path and removes it with all that is in it.
    ///
    /// - Throws: what `work` throws, or the file system's error.
    package static func with<Result>(_ work: (_ path: String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rushes-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer {
            // A test's left-overs are in the system's temporary folder and harm nobody.
            try? FileManager.default.removeItem(at: folder)
        }
        return try await work(folder.path)
    }
}
