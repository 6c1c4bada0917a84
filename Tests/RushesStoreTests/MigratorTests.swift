import RushesDatabase
import RushesSQLite
import RushesTesting
import Testing

@Suite("The migrator")
struct MigratorTests {
    private static let first = Migration(1, "first") { _ in ["CREATE TABLE a (n BIGINT)", "INSERT INTO a VALUES (1)"] }
    private static let second = Migration(2, "second") { _ in ["INSERT INTO a SELECT n + 1 FROM a"] }
    private static let broken = Migration(2, "broken") { _ in
        ["CREATE TABLE b (n BIGINT)", "INSERT INTO nowhere VALUES (1)"]
    }

    @Test("applies each step once, in order", arguments: TestDatabase.allCases)
    func appliesOnce(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            #expect(try await Migrator([Self.first]).migrate(database) == ["first"])
            #expect(try await Migrator([Self.first, Self.second]).migrate(database) == ["second"])
            #expect(try await Migrator([Self.first, Self.second]).migrate(database) == [])
            #expect(try await Migrator([Self.first, Self.second]).version(of: database) == 2)
            let rows = try await database.read { try $0.query("SELECT n FROM a ORDER BY n", []) }
            #expect(rows == [SQLRow([1]), SQLRow([2])])
        }
    }

    @Test("refuses a database of a newer program")
    func refusesNewer() async throws {
        try await TestDatabase.memory.with { database in
            _ = try await Migrator([Self.first, Self.second]).migrate(database)
            let refusal = await #expect(throws: SchemaTooNew.self) {
                try await Migrator([Self.first]).migrate(database)
            }
            #expect(refusal?.found == 2 && refusal?.known == 1)
        }
    }

    @Test("a step that fails leaves nothing and can be repeated", arguments: TestDatabase.allCases)
    func failedStep(_ kind: TestDatabase) async throws {
        try await kind.with { database in
            let broken = Migrator([Self.first, Self.broken])
            await #expect(throws: DatabaseError.self) { try await broken.migrate(database) }
            let version = try await broken.version(of: database)
            #expect(version == 1)
            await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.query("SELECT * FROM b", []) }
            }
            #expect(try await Migrator([Self.first, Self.second]).migrate(database) == ["second"])
        }
    }
}
