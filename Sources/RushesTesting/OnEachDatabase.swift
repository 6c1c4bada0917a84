package import RushesCore
package import RushesDatabase
import RushesSQLite
import Synchronization
package import Testing

/// Runs every test of a suite once on SQLite in memory and once on PostgreSQL, when there is a server.
///
/// Worlds that are made without naming a database take `TestDatabase.current`.
package struct OnEachDatabase: SuiteTrait, TestTrait, TestScoping {
    package let isRecursive = true

    @concurrent package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        for kind in TestDatabase.oneOfEach {
            let scope = TestScope(kind)
            do {
                try await TestScope.$current.withValue(scope) { try await function() }
            } catch {
                Issue.record(error, "on \(kind.rawValue)")
            }
            try await scope.end()
        }
    }
}

extension Trait where Self == OnEachDatabase {
    /// Once on SQLite in memory and once on PostgreSQL, when there is a server.
    package static var onEachDatabase: OnEachDatabase { OnEachDatabase() }
}

/// The databases that one run of a test opens; they are closed and dropped at its end.
package final class TestScope: Sendable {
    @TaskLocal package static var current = TestScope(.memory)

    /// The kind of database that worlds take in this run.
    package let kind: TestDatabase
    private let ends = Mutex<[@Sendable () async throws -> Void]>([])

    /// A run of a test on a kind of database.
    package init(_ kind: TestDatabase) {
        self.kind = kind
    }

    /// Opens an empty database that lives until the end of the test.
    ///
    /// - Throws: `DatabaseError`.
    package func open(clock: @escaping @Sendable () -> Timestamp) async throws -> any Database {
        guard kind == .postgres else { return try SQLiteDatabase.memory(clock: clock) }
        let made = try await TestPostgres.make(clock: clock)
        ends.withLock { $0.append(made.end) }
        return made.database
    }

    /// Closes and drops what was opened.
    ///
    /// - Throws: `DatabaseError`.
    package func end() async throws {
        let ends = ends.withLock { ends in
            defer { ends = [] }
            return ends
        }
        for end in ends { try await end() }
    }
}

extension TestDatabase {
    /// What a test runs on: set by `.onEachDatabase`, otherwise SQLite in memory.
    package static var current: TestDatabase { TestScope.current.kind }
}
