import Foundation
import RushesCore
import RushesDatabase
import RushesPostgres
import RushesStore
import RushesTesting
import Testing

/// The role that runs servers owns nothing: what the seals forbid is forbidden to it twice.
@Suite("The application role of PostgreSQL", .enabled(if: TestPostgres.url != nil))
struct ApplicationRoleTests {
    @Test("every table has its line in the grants")
    func complete() async throws {
        try await StoreWorld.with(.postgres) { world in
            let tables = try await world.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                .map { try $0.text(0) }
            #expect(Set(tables) == Set(Schema.access.map(\.table)))
        }
    }

    @Test("runs a batch from purchase to finalize, and starts on a schema that is up to date")
    func works() async throws {
        try await withRole { database, _ in
            #expect(try await Migrator(Schema.migrations).migrate(database) == [])
            let plan = try await StoreWorld.on(database).history()
            let batch = try await database.read { try $0.batch(plan.batch.id, of: plan.batch.organization) }
            #expect(batch?.status == .partial)
        }
    }

    @Test("removes tasks after their time")
    func removes() async throws {
        try await withRole { database, clock in
            let world = try await StoreWorld.on(database)
            try await world.grant()
            _ = try await world.endedBatch()
            clock.advance(seconds: 31 * 86_400)
            #expect(try await StoreWorld.removeAll(from: database) > 1)
            #expect(try await database.read { try $0.query("SELECT COUNT(*) FROM task", []) } == [SQLRow([0])])
        }
    }

    @Test("can delete and empty nothing that is kept, and switch no seal off")
    func limits() async throws {
        try await withRole { database, _ in
            _ = try await StoreWorld.on(database).history()
            var statements = ["SET session_replication_role = replica", "DROP TRIGGER refuse ON task"]
            for (table, access) in Schema.access {
                statements += ["TRUNCATE \(table) CASCADE", "ALTER TABLE \(table) DISABLE TRIGGER ALL"]
                if access != .pass && access != .fade { statements.append("DELETE FROM \(table)") }
                if access == .append || access == .pass {
                    statements.append("UPDATE \(table) SET \(try column(of: table)) = NULL")
                }
            }
            for statement in statements {
                let error = await #expect(throws: DatabaseError.self, "\(statement)") {
                    try await database.write { try $0.execute(statement, []) }
                }
                let isRefused =
                    error?.message.contains("42501") == true || error?.message.contains("does not exist") == true
                #expect(isRefused, "\(statement): \(error?.message ?? "")")
            }
        }
    }

    private func column(of table: String) throws -> String {
        try #require(
            [
                "ledger_transaction": "kind", "credit_ledger": "amount_micros", "event": "data", "catalogue": "body",
                "purchase": "reference", "hold_part": "amount_micros", "asset": "sha256", "credit_grant": "reason",
                "purchase_refund": "reason", "asset_image": "sha256", "task_end": "tasks",
                "webhook_attempt": "url", "month_close": "closed_at", "provider_charge": "bill", "lane_act": "reason",
            ][table])
    }

    /// A migrated database, connected to as a role that has only been granted what `Schema.grants` says.
    private func withRole(_ work: (any Database, TestClock) async throws -> Void) async throws {
        try await TestPostgres.withURL { url in
            let owner = try await PostgresDatabase.open(
                PostgresSettings(url: url, applicationName: "rushes-owner"), report: { _ in })
            _ = try await Migrator(Schema.migrations).migrate(owner)
            var address = try #require(URLComponents(string: url))
            let role = "\(address.path.dropFirst())_app"
            try await PostgresMaintenance.run("CREATE ROLE \(role) LOGIN PASSWORD 'application'", on: url)
            try await owner.write { transaction in
                for statement in Schema.grants(to: role) { try transaction.execute(statement, []) }
            }
            await owner.close()
            (address.user, address.password) = (role, "application")
            let clock = TestClock()
            let database = try await PostgresDatabase.open(
                PostgresSettings(url: try #require(address.string), applicationName: "rushes-app"),
                clock: { clock.now }, report: { _ in })
            try await work(database, clock)
            await database.close()
            try await PostgresMaintenance.run("DROP OWNED BY \(role); DROP ROLE \(role)", on: url)
        }
    }
}
