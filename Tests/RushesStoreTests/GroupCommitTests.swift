import Dispatch
import RushesCore
import RushesDatabase
import RushesPostgres
import RushesSQLite
import RushesTesting
import Synchronization
import Testing

/// Writes that wait behind a slow one share the next commit. The slow one is held by the test, so nothing is timed.
// One at a time: each blocks a thread of the pool that its own tasks need, and a small machine has two.
@Suite("Writes that wait share a commit", .serialized)
struct GroupCommitTests {
    private static let group = WriteGroup.wallet(of: OrganizationID(trusted: "org_1"))
    private struct Refused: Error {}

    @Test("all of them, in their order", arguments: TestDatabase.allCases)
    func shared(_ kind: TestDatabase) async throws {
        try await withFixture(kind) { fixture in
            let before = fixture.commits()
            let results = try await fixture.behindASlowWrite(20) { number, transaction in
                try transaction.execute("INSERT INTO item VALUES ($1, $2)", [.int(number), 0])
            }
            #expect(results.allSatisfy { (try? $0.get()) == 1 })
            #expect(try await fixture.ids() == Array(0..<20))
            // The slow write, and one for all that waited.
            #expect(fixture.commits() - before == 2)
        }
    }

    @Test(
        "a body that fails is undone alone, also when the database refused a statement",
        arguments: TestDatabase.allCases)
    func failing(_ kind: TestDatabase) async throws {
        try await withFixture(kind) { fixture in
            let results = try await fixture.behindASlowWrite(9) { number, transaction in
                // The third of each three takes the number of the one before.
                let id = number % 3 == 2 ? number - 1 : number
                try transaction.execute("INSERT INTO item VALUES ($1, $2)", [.int(id), 0])
                if number % 3 == 0 { throw Refused() }
                return 1
            }
            for (number, result) in results.enumerated() {
                switch (number % 3, result) {
                case (0, .failure(let error)): #expect(error is Refused)
                case (1, .success): break
                case (2, .failure(let error)): #expect((error as? DatabaseError)?.kind == .uniqueViolation)
                default: Issue.record("write \(number): \(result)")
                }
            }
            #expect(try await fixture.ids() == [1, 4, 7])
        }
    }

    @Test("one that spoils the commit itself does not take the others along", arguments: TestDatabase.allCases)
    func spoiling(_ kind: TestDatabase) async throws {
        try await withFixture(kind) { fixture in
            let results = try await fixture.behindASlowWrite(6) { number, transaction in
                // A parent that never comes is noticed at the commit only.
                let parent = number == 3 ? 77 : 0
                return try transaction.execute("INSERT INTO item VALUES ($1, $2)", [.int(number), .int(parent)])
            }
            for (number, result) in results.enumerated() {
                switch result {
                case .success: #expect(number != 3)
                case .failure(let error):
                    #expect(number == 3 && (error as? DatabaseError)?.kind == .constraintViolation, "\(error)")
                }
            }
            #expect(try await fixture.ids() == [0, 1, 2, 4, 5])
        }
    }

    @Test(
        "a refusal that rests on what others have written is told only if that is durable",
        arguments: TestDatabase.allCases)
    func refusals(_ kind: TestDatabase) async throws {
        try await withFixture(kind) { fixture in
            let runs = Counter()
            let results = try await fixture.behindASlowWrite(3) { number, transaction in
                switch number {
                case 0: return try transaction.execute("INSERT INTO item VALUES (0, 77)", [])
                case 1:
                    runs.add()
                    guard try transaction.query("SELECT id FROM item WHERE id = 0", []).isEmpty else { throw Refused() }
                    return try transaction.execute("INSERT INTO item VALUES (1, 0)", [])
                default: return 0
                }
            }
            #expect(throws: DatabaseError.self) { try results[0].get() }
            // Refused at first; but what refused it was never committed.
            #expect(try results[1].get() == 1 && runs.value == 2)
            #expect(try await fixture.ids() == [1])
        }
    }

    @Test("a conflict runs its own body again, not those of the others", arguments: TestDatabase.allCases)
    func conflicts(_ kind: TestDatabase) async throws {
        try await withFixture(kind) { fixture in
            let runs = Counter()
            let results = try await fixture.behindASlowWrite(5) { number, transaction in
                runs.add()
                if number == 2, runs.value < 6 { throw DatabaseError(.serialization, "scripted") }
                return try transaction.execute("INSERT INTO item VALUES ($1, $2)", [.int(number), 0])
            }
            #expect(results.allSatisfy { (try? $0.get()) == 1 })
            #expect(runs.value == 6)
            #expect(try await fixture.ids() == Array(0..<5))
        }
    }

    private func withFixture(_ kind: TestDatabase, _ work: (Fixture) async throws -> Void) async throws {
        switch kind {
        case .memory:
            let database = try SQLiteDatabase.memory(clock: { Timestamp(milliseconds: 0) })
            try await work(Fixture(database, group: nil) { database.commits })
        case .file:
            try await TestDatabase.withFile { database in
                try await work(Fixture(database, group: nil) { database.commits })
            }
        case .postgres:
            try await TestPostgres.withDatabase(clock: nil, writers: 1) { database in
                try await work(Fixture(database, group: Self.group) { database.statistics.commits })
            }
        }
    }
}

/// A database with one writer that the test can keep busy.
private struct Fixture: Sendable {
    let database: any Database
    let group: WriteGroup?
    let commits: @Sendable () -> Int

    init(_ database: any Database, group: WriteGroup?, commits: @escaping @Sendable () -> Int) async throws {
        self.database = database
        self.group = group
        self.commits = commits
        try await database.write { transaction in
            try transaction.execute("CREATE TABLE parent (id BIGINT PRIMARY KEY)", [])
            try transaction.execute("INSERT INTO parent VALUES (0)", [])
            try transaction.execute(
                """
                CREATE TABLE item (id BIGINT PRIMARY KEY,
                  parent BIGINT REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)
                """, [])
        }
    }

    /// Starts a write that stands still, lets so many others queue behind it, and lets it go on.
    func behindASlowWrite(
        _ count: Int, _ body: @escaping @Sendable (Int, any SQLTransaction) throws -> Int
    ) async throws -> [Result<Int, any Error>] {
        let gate = DispatchSemaphore(value: 0)
        let started = AsyncStream.makeStream(of: Void.self)
        return try await withThrowingTaskGroup(of: (Int, Result<Int, any Error>)?.self) { tasks in
            tasks.addTask {
                try await database.write(in: group) { _ in
                    started.continuation.finish()
                    gate.wait()
                }
                return nil
            }
            for await _ in started.stream {}
            for number in 0..<count {
                let asked = AsyncStream.makeStream(of: Void.self)
                tasks.addTask {
                    // The first turn of the task runs up to the queue of the database.
                    asked.continuation.finish()
                    do {
                        return (number, .success(try await database.write(in: group) { try body(number, $0) }))
                    } catch {
                        return (number, .failure(error))
                    }
                }
                for await _ in asked.stream {}
                try await Task.sleep(for: .milliseconds(5))
            }
            gate.signal()
            var results: [Int: Result<Int, any Error>] = [:]
            for try await case let (number, result)? in tasks { results[number] = result }
            return (0..<count).compactMap { results[$0] }
        }
    }

    func ids() async throws -> [Int] {
        try await database.read { try $0.query("SELECT id FROM item ORDER BY id", []).map { try $0.int(0) } }
    }
}

private final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
}
