import RushesCore
import RushesDatabase
import RushesSQLite
import Synchronization
import Testing

@Suite("Simulated crashes around a commit")
struct CommitFaultsTests {
    @Test("a crash before the commit leaves nothing")
    func before() async throws {
        let (database, crash) = try await fixture()
        crash.arm(.beforeCommit)
        await #expect(throws: SimulatedCrash(.beforeCommit)) { try await insert(into: database) }
        #expect(try await count(database) == 0)
        try await insert(into: database)
        #expect(try await count(database) == 1)
    }

    @Test("a crash after the commit keeps it")
    func after() async throws {
        let (database, crash) = try await fixture()
        crash.arm(.afterCommit)
        await #expect(throws: SimulatedCrash(.afterCommit)) { try await insert(into: database) }
        #expect(try await count(database) == 1)
    }

    @Test("a busy body runs four times, then the caller hears of it", arguments: [1, 3, 4])
    func busy(times: Int) async throws {
        let (database, _) = try await fixture()
        let runs = Counter()
        let writing = Task {
            try await database.write { transaction in
                try transaction.execute("INSERT INTO item VALUES (1)", [])
                if runs.next() <= times { throw DatabaseError(.busy, "scripted") }
            }
        }
        switch await writing.result {
        case .success: #expect(times < 4)
        case .failure(let error): #expect(times == 4 && error as? DatabaseError == DatabaseError(.busy, "scripted"))
        }
        #expect(runs.value == min(times + 1, 4))
        #expect(try await count(database) == (times < 4 ? 1 : 0))
    }

    private func fixture() async throws -> (SQLiteDatabase, ScriptedCrash) {
        let crash = ScriptedCrash()
        let database = try SQLiteDatabase.memory(clock: { Timestamp(milliseconds: 0) }, faults: crash)
        try await database.write { try $0.execute("CREATE TABLE item (id BIGINT PRIMARY KEY)", []) }
        return (database, crash)
    }

    private func insert(into database: SQLiteDatabase) async throws {
        try await database.write { try $0.execute("INSERT INTO item VALUES (1)", []) }
    }

    private func count(_ database: SQLiteDatabase) async throws -> Int {
        try await database.read { try $0.query("SELECT COUNT(*) FROM item", [])[0].int(0) }
    }
}

/// Crashes once at the armed moment.
private final class ScriptedCrash: CommitFaults {
    private let armed = Mutex<SimulatedCrash.Moment?>(nil)

    func arm(_ moment: SimulatedCrash.Moment) { armed.withLock { $0 = moment } }

    func beforeCommit() throws { try crash(at: .beforeCommit) }

    func afterCommit() throws { try crash(at: .afterCommit) }

    private func crash(at moment: SimulatedCrash.Moment) throws {
        try armed.withLock { armed in
            guard armed == moment else { return }
            armed = nil
            throw SimulatedCrash(moment)
        }
    }
}

private final class Counter: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}
