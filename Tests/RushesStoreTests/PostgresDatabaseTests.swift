import Foundation
import RushesCore
import RushesDatabase
import RushesPostgres
import RushesTesting
import Synchronization
import Testing

@Suite("The PostgreSQL driver", .enabled(if: TestPostgres.url != nil))
struct PostgresDatabaseTests {
    @Test("a commit whose answer is lost is found to be done, and the body does not run again")
    func committedInDoubt() async throws {
        try await withProxy { database, proxy in
            let runs = Atomic(0)
            let changed = try await database.write { transaction in
                runs.add(1, ordering: .relaxed)
                let changed = try transaction.execute("INSERT INTO item VALUES (1)", [])
                proxy.cutNext(.answer)
                return changed
            }
            #expect(changed == 1 && runs.load(ordering: .relaxed) == 1)
            #expect(try await count(database) == 1)
        }
    }

    @Test("a plan that was made for an empty table is not kept when it grows", arguments: [0, 3_600_000] as [Int64])
    func plansAreRenewed(_ lifeMilliseconds: Int64) async throws {
        try await TestPostgres.withURL { url in
            var settings = PostgresSettings(url: url, applicationName: "rushes-tests")
            (settings.writers, settings.readers) = (1, 1)
            settings.planLifeMilliseconds = lifeMilliseconds...lifeMilliseconds
            let database = try await PostgresDatabase.open(settings, report: { _ in })
            try await database.write { transaction in
                // Otherwise the server may count the rows meanwhile, and make the plan anew by itself.
                let texts = (1...15).map { "text_\($0) TEXT" }.joined(separator: ", ")
                _ = try transaction.execute(
                    """
                    CREATE TABLE item (id TEXT PRIMARY KEY, owner TEXT, key TEXT, \(texts), UNIQUE (owner, key))
                    WITH (autovacuum_enabled = off)
                    """, [])
                _ = try transaction.execute("CREATE INDEX item_owner ON item (owner, id)", [])
            }
            try await lookUpItems(database)
            try await database.write {
                _ = try $0.execute(
                    "INSERT INTO item SELECT 'i' || n, 'a', 'k' || n FROM generate_series(1, 5000) AS n", [])
            }
            let before = try await rowsFetched(database)
            try await lookUpItems(database)
            let fetched = try await rowsFetched(database) - before
            // The second case shows what the first one is spared: all rows of the owner for each of ten look-ups.
            #expect(lifeMilliseconds == 0 ? fetched == 0 : fetched == 50_000, "\(fetched)")
            await database.close()
        }
    }

    /// Looks for a key that is not there, by both columns of its index.
    private func lookUpItems(_ database: PostgresDatabase) async throws {
        for _ in 0..<10 {
            _ = try await database.read {
                try $0.query("SELECT id FROM item WHERE owner = $1 AND key = $2", ["a", "none"])
            }
        }
    }

    /// Rows that indexes have led to, by the only connection for reading.
    private func rowsFetched(_ database: PostgresDatabase) async throws -> Int64 {
        _ = try await database.read { try $0.query("SELECT CAST(pg_stat_force_next_flush() AS TEXT)", []) }
        return try await database.read {
            try $0.query("SELECT idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'item'", [])[0].integer(0)
        }
    }

    @Test("a commit that never arrived is found not to be done, and the body runs again")
    func lostBeforeCommit() async throws {
        try await withProxy { database, proxy in
            let runs = Atomic(0)
            try await database.write { transaction in
                if runs.add(1, ordering: .relaxed).newValue == 1 {
                    try transaction.execute("INSERT INTO item VALUES (1)", [])
                    proxy.cutNext(.request)
                } else {
                    try transaction.execute("INSERT INTO item VALUES (2)", [])
                }
            }
            #expect(runs.load(ordering: .relaxed) == 2)
            let rows = try await database.read { try $0.query("SELECT id FROM item", []) }
            #expect(rows == [SQLRow([2])])
        }
    }

    @Test("what is enqueued goes with the commit, and is lost with it")
    func lostWithCommit() async throws {
        try await withProxy { database, proxy in
            let runs = Atomic(0)
            try await database.write { transaction in
                if runs.add(1, ordering: .relaxed).newValue == 1 { proxy.cutNext(.request) }
                // Had it been sent at once, the body would have thrown here.
                try transaction.enqueue("INSERT INTO item VALUES ($1)", [.int(runs.load(ordering: .relaxed))])
                try transaction.bulkInsert("item", ["id"], [[10]])
                runs.add(10, ordering: .relaxed)
            }
            #expect(runs.load(ordering: .relaxed) == 22)
            let rows = try await database.read { try $0.query("SELECT id FROM item ORDER BY id", []) }
            #expect(rows == [SQLRow([10]), SQLRow([12])])
        }
    }

    @Test("a commit in doubt of which nobody can tell is its own error, and reading the key again resolves it")
    func unknown() async throws {
        let database = OnceUnknown()
        let result = try await database.writeByKey { _ in 5 }
        #expect(result == 5 && database.runs.load(ordering: .relaxed) == 2)
        let other = OnceUnknown()
        await #expect(throws: DatabaseError(.commitOutcomeUnknown, "scripted")) { try await other.write { _ in 5 } }
        #expect(other.runs.load(ordering: .relaxed) == 1)
    }

    @Test("a connection that breaks inside a transaction is replaced, and the body runs again")
    func broken() async throws {
        try await withItems { database in
            let runs = Atomic(0)
            try await database.write { transaction in
                try transaction.execute("INSERT INTO item VALUES (1)", [])
                if runs.add(1, ordering: .relaxed).newValue == 1 {
                    _ = try transaction.query("SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS INTEGER)", [])
                }
            }
            #expect(runs.load(ordering: .relaxed) == 2)
            #expect(try await count(database) == 1)
        }
    }

    @Test("idle connections that the server has closed are replaced at the next use")
    func closedMeanwhile() async throws {
        try await withItems { database in
            for round in 1...3 {
                _ = try await database.write { transaction in
                    try transaction.query(
                        """
                        SELECT CAST(pg_terminate_backend(pid) AS INTEGER) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """, [])
                }
                try await database.write { try $0.execute("INSERT INTO item VALUES ($1)", [.int(round)]) }
                #expect(try await count(database) == round)
            }
        }
    }

    @Test("a slow query holds up no other, and all are answered though connections end under them")
    func queriesAmongBrokenConnections() async throws {
        try await withItems { database in
            let isLocked = Atomic(false)
            let released = DispatchSemaphore(value: 0)
            async let holder: Void = database.write { transaction in
                _ = try transaction.query("SELECT CAST(pg_advisory_xact_lock(7) AS TEXT)", [])
                isLocked.store(true, ordering: .sequentiallyConsistent)
                released.wait()
            }
            while !isLocked.load(ordering: .sequentiallyConsistent) { try await Task.sleep(for: .milliseconds(5)) }
            async let slow = database.read(
                SingleQuery("SELECT CAST(pg_advisory_lock_shared(7) AS TEXT)", []) { $0.count })
            try await Task.sleep(for: .milliseconds(100))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<32 {
                    group.addTask {
                        // Some ask the same at the same time, some ask something of their own.
                        for round in 0..<20 {
                            let value = caller.isMultiple(of: 2) ? round : caller * 100 + round
                            try await expectAnswer(value, from: database)
                        }
                    }
                }
                try await group.waitForAll()
            }
            released.signal()
            try await holder
            #expect(try await slow == 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<10 {
                        _ = try await database.write { transaction in
                            try transaction.query(
                                """
                                SELECT CAST(pg_terminate_backend(pid) AS INTEGER) FROM pg_stat_activity
                                WHERE datname = current_database() AND pid <> pg_backend_pid()
                                """, [])
                        }
                    }
                }
                for value in 0..<200 {
                    group.addTask {
                        try await expectAnswer(value, from: database)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("more different statements than a connection keeps are prepared again")
    func manyStatements() async throws {
        try await withItems { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for value in 0..<1_500 {
                    group.addTask {
                        try await expectAnswer(value, from: database, as: "a\(value)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func expectAnswer(_ value: Int, from database: PostgresDatabase, as name: String = "a") async throws {
        let query = SingleQuery("SELECT CAST($1 AS BIGINT) AS \(name)", [.int(value)]) { rows throws(DatabaseError) in
            try rows[0].int(0)
        }
        #expect(try await database.read(query) == value)
    }

    @Test("a statement that takes too long, and a transaction that stands still, are ended by the server")
    func limits() async throws {
        try await TestPostgres.withURL { url in
            var settings = PostgresSettings(url: url, applicationName: "rushes-tests")
            (settings.writers, settings.readers) = (1, 1)
            (settings.statementTimeoutMilliseconds, settings.idleInTransactionTimeoutMilliseconds) = (100, 100)
            let database = try await PostgresDatabase.open(settings, report: { _ in })
            let slow = await #expect(throws: DatabaseError.self) {
                try await database.read { try $0.query("SELECT CAST(pg_sleep(5) AS TEXT)", []) }
            }
            #expect(slow?.kind == .unavailable && slow?.message.contains("57014") == true)
            let idle = await #expect(throws: DatabaseError.self) {
                try await database.write { transaction in
                    _ = try transaction.query("SELECT 1", [])
                    usleep(300_000)
                    _ = try transaction.query("SELECT 1", [])
                }
            }
            #expect(idle?.kind == .connectionLost)
            #expect(try await database.read { try $0.query("SELECT 1", []) } == [SQLRow([1])])
            await database.close()
        }
    }

    @Test("two transactions that lock in opposite orders both end: the server breaks the circle, the body runs again")
    func deadlock() async throws {
        try await withItems { database in
            try await database.write { try $0.execute("INSERT INTO item VALUES (1), (2)", []) }
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for order in [[1, 2], [2, 1]] {
                    tasks.addTask {
                        try await database.write { transaction in
                            for id in order {
                                _ = try transaction.query(
                                    "SELECT id FROM item WHERE id = $1\(transaction.dialect.forUpdate)", [.int(id)])
                                usleep(50_000)
                            }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }

    @Test("a body that goes on after a statement has failed is not committed")
    func swallowed() async throws {
        try await withItems { database in
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { transaction in
                    try transaction.execute("INSERT INTO item VALUES (1)", [])
                    // What the compiler cannot forbid.
                    _ = try? transaction.execute("INSERT INTO item VALUES (1)", [])
                }
            }
            let left = try await count(database)
            #expect(error?.kind == .invalidStatement && left == 0)
        }
    }

    @Test("a transaction's time is the server's at its beginning, and reads tell it from there on")
    func time() async throws {
        try await withItems { database in
            let (told, asked) = try await database.write { transaction in
                let sql = "SELECT CAST(extract(epoch FROM now()) * 1000 AS BIGINT)"
                return (transaction.now.milliseconds, try transaction.query(sql, [])[0].integer(0))
            }
            #expect(abs(told - asked) < 5_000)
            let later = try await database.read { $0.now.milliseconds }
            #expect(later >= told && later - told < 60_000)
        }
    }

    @Test("a database that is read-only takes no writes and says why")
    func readOnly() async throws {
        try await TestPostgres.withURL { url in
            let name = try #require(URLComponents(string: url)?.path.dropFirst())
            try await PostgresMaintenance.run("ALTER DATABASE \(name) SET default_transaction_read_only = on", on: url)
            let error = await #expect(throws: DatabaseError.self) {
                try await PostgresDatabase.open(
                    PostgresSettings(url: url, applicationName: "rushes-tests"), report: { _ in })
            }
            #expect(error?.kind == .unavailable && error?.message.contains("read-only") == true)
        }
    }

    @Test("a server that is not there is told at once, and work on one that went away fails after a while")
    func unreachable() async throws {
        let nowhere = PostgresSettings(url: "postgres://nobody@127.0.0.1:1/none", applicationName: "rushes-tests")
        let error = await #expect(throws: DatabaseError.self) {
            try await PostgresDatabase.open(nowhere, report: { _ in })
        }
        #expect(error?.kind == .connectionLost)
        try await withProxy(waitMilliseconds: 200) { database, proxy in
            proxy.end()
            proxy.cutNext(.request)
            let error = await #expect(throws: DatabaseError.self) {
                try await database.write { try $0.execute("INSERT INTO item VALUES (1)", []) }
            }
            #expect(error?.kind == .unavailable || error?.kind == .connectionLost)
        }
    }

    @Test("a closed database refuses work and leaves no connection")
    func closed() async throws {
        try await TestPostgres.withURL { url in
            let database = try await PostgresDatabase.open(
                PostgresSettings(url: url, applicationName: "rushes-closing"), report: { _ in })
            _ = try await database.read { try $0.query("SELECT 1", []) }
            await database.close()
            await #expect(throws: DatabaseError(.unavailable, "the database is closed")) {
                try await database.read { try $0.query("SELECT 1", []) }
            }
        }
    }

    @Test("nodes that start at the same moment apply each step once")
    func migrations() async throws {
        try await TestPostgres.withURL { url in
            let steps = (1...5).map { number in
                Migration(number, "step_\(number)") { _ in ["CREATE TABLE table_\(number) (id BIGINT)"] }
            }
            let applied = try await withThrowingTaskGroup(of: [String].self) { nodes in
                for node in 1...4 {
                    nodes.addTask {
                        let database = try await PostgresDatabase.open(
                            PostgresSettings(url: url, applicationName: "rushes-node-\(node)"), report: { _ in })
                        let applied = try await Migrator(steps).migrate(database)
                        await database.close()
                        return applied
                    }
                }
                return try await nodes.reduce(into: []) { $0 += $1 }
            }
            #expect(applied.sorted() == steps.map(\.name))
        }
    }

    private func withItems(_ work: (PostgresDatabase) async throws -> Void) async throws {
        try await TestPostgres.withDatabase(clock: nil) { database in
            try await database.write { try $0.execute("CREATE TABLE item (id BIGINT PRIMARY KEY)", []) }
            try await work(database)
        }
    }

    /// A database with one writer behind a proxy.
    private func withProxy(
        waitMilliseconds: Int = 10_000, _ work: (PostgresDatabase, CuttingProxy) async throws -> Void
    ) async throws {
        try await TestPostgres.withURL { url in
            var address = try #require(URLComponents(string: url))
            let proxy = try CuttingProxy(to: address.port ?? 5_432)
            address.host = "127.0.0.1"
            address.port = proxy.port
            var settings = PostgresSettings(
                url: try #require(address.string), applicationName: "rushes-tests")
            (settings.writers, settings.readers) = (1, 1)
            settings.waitMilliseconds = waitMilliseconds
            // Nor is it the DISCARD PLANS that a connection sends when its callers have their answers.
            settings.planLifeMilliseconds = 3_600_000...3_600_000
            let database = try await PostgresDatabase.open(settings, report: { _ in })
            try await database.write { try $0.execute("CREATE TABLE item (id BIGINT PRIMARY KEY)", []) }
            // Both connections are there: what is cut is what the test does, and not a connection that is being made.
            // A single query, since a body's ROLLBACK would still be on its way when its answer is here.
            try await database.read(SingleQuery("SELECT 1", []) { _ throws(DatabaseError) in })
            try await work(database, proxy)
            await database.close()
            proxy.end()
        }
    }

    private func count(_ database: any Database) async throws -> Int {
        try await database.read { try $0.query("SELECT COUNT(*) FROM item", [])[0].int(0) }
    }
}

/// A database of which nobody knows whether its first commit went through.
private final class OnceUnknown: Database {
    let runs = Atomic(0)

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLReading) throws -> Result
    ) async throws -> Result { throw DatabaseError(.unavailable, "nothing to read") }

    func write<Result: Sendable>(
        in group: WriteGroup?, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws -> Result {
        let result = try body(Nothing())
        if runs.add(1, ordering: .relaxed).newValue == 1 { throw DatabaseError(.commitOutcomeUnknown, "scripted") }
        return result
    }

    private struct Nothing: SQLTransaction {
        var dialect: SQLDialect { SQLDialect(.postgres) }
        var now: Timestamp { Timestamp(milliseconds: 0) }
        func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] { [] }
        func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int { 0 }
        func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] { [] }
        func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {}
    }
}
