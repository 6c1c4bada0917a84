import Foundation
import RushesClient
import RushesWire
import Testing

extension EndToEnd {
    /// API and workers as processes of their own on one PostgreSQL. They run where `RUSHES_TEST_POSTGRES` names one.
    @Suite(.enabled(if: Cluster.serverURL != nil)) struct NodeTests {
        @Test("a worker is killed, another one finishes, and the money is exact", .timeLimit(.minutes(4)))
        func killedWorker() async throws {
            let sheet = Sheet(parts: [
                .init(marker: "[sim:slow=2]", count: 30, failure: nil),
                .init(marker: "[sim:fail]", count: 10, failure: "provider_error"),
            ])
            try await Cluster.with { cluster in
                let api = try await cluster.start("api", role: "api")
                let doomed = try await cluster.start("doomed", role: "worker")
                let account: OrganizationCreated = try await cluster.admin(["admin", "org", "create", "Test"])
                let _: PurchaseBody = try await cluster.admin([
                    "admin", "purchase", account.organizationID, "--package", "pack_2000", "--reference", "PO-1",
                ])
                let created = try await cluster.withClient(of: api, key: account.apiKey) {
                    try await $0.submit(sheet.file(requestID: "nodes")).batch
                }
                try await Task.sleep(for: .milliseconds(1_500))
                doomed.process.send(SIGKILL)
                #expect(await doomed.process.exit() == 128 + SIGKILL)
                let heir = try await cluster.start("heir", role: "worker")
                try await cluster.withClient(of: api, key: account.apiKey) { client in
                    var state = try await client.batch(created.id)
                    for _ in 0..<600 where state.finishedAt == nil {
                        try await Task.sleep(for: .milliseconds(200))
                        state = try await client.batch(created.id)
                    }
                    try #require(state.finishedAt != nil, "\(state.counts)")
                    sheet.expect(try await client.allTasks(of: created.id), unitPrice: 490_000)
                    sheet.expect(state, try await client.wallet(), unitPrice: 490_000)
                }
                let check: CheckBody = try await cluster.admin(["check"])
                #expect(check.ok && check.checked.contains("asset.video_is_there"), "\(check.violations)")
                for node in [heir, api] {
                    node.process.send(SIGTERM)
                    #expect(await node.process.exit() == 0)
                }
            }
        }

        @Test("roles differ in their routes, and operators need only the database", .timeLimit(.minutes(2)))
        func roles() async throws {
            try await Cluster.with { cluster in
                let worker = try await cluster.start("worker", role: "worker")
                let account: OrganizationCreated = try await cluster.admin(["admin", "org", "create", "Test"])
                let once = RetryPolicy(attemptsMax: 1) { _ in }
                await #expect(throws: RushesClientError.self, "a worker answers no customers") {
                    try await RushesClient.withConnection(
                        baseURL: "http://127.0.0.1:\(worker.port)", apiKey: account.apiKey, retry: once
                    ) { _ = try await $0.wallet() }
                }
                let node = try await cluster.start("node", role: "all")
                let wallet = try await cluster.withClient(of: node, key: account.apiKey) { try await $0.wallet() }
                #expect(wallet.totalMicros == 0)
                let second = try await RushesBinary.run(
                    ["serve", "--data-dir", cluster.folder.path + "/node"],
                    environment: ["RUSHES_DATABASE_URL": cluster.databaseURL])
                #expect(second.status == 1 && second.stderr.contains("another Rushes process works on"))
            }
        }

        @Test("a database that cannot be used is one line and a stable exit code", .timeLimit(.minutes(1)))
        func unusable() async throws {
            try await Cluster.with { cluster in
                #expect(try await cluster.command(["migrate"]).status == 0)
                try cluster.psql(
                    "INSERT INTO schema_migration (number, name, applied_at) VALUES (999, 'from_the_future', 0)")
                try await Self.expectLine(cluster, status: 1, "schema 999")
                try cluster.psql("DELETE FROM schema_migration WHERE number = 999")
                try cluster.psql(
                    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
                        + "current_database()); END $$")
                try await Self.expectLine(cluster, status: 75, "read-only")
            }
            try await Cluster.with(options: "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0") {
                try await Self.expectLine($0, status: 1, "UTF8")
            }
        }

        @Test("servers run under a role that cannot rewrite the ledger", .timeLimit(.minutes(2)))
        func applicationRole() async throws {
            try await Cluster.with { cluster in
                let role = "rushes_app_" + cluster.databaseURL.suffix(8)
                try cluster.psql("CREATE ROLE \(role) LOGIN PASSWORD 'app'")
                do {
                    try await Self.expectRestricted(cluster, role)
                } catch {
                    try? cluster.psql("DROP OWNED BY \(role)")  // The first error is the one that tells.
                    try? cluster.psql("DROP ROLE \(role)")  // As above.
                    throw error
                }
                try cluster.psql("DROP OWNED BY \(role)")
                try cluster.psql("DROP ROLE \(role)")
            }
        }

        private static func expectRestricted(_ cluster: Cluster, _ role: String) async throws {
            let address = try cluster.address(user: role, password: "app")
            let early = try await RushesBinary.run(["check", "--database-url", address])
            #expect(early.status == 1 && early.stderr.contains("permission denied"), "\(early.stderr)")
            #expect(try await cluster.command(["migrate", "--application-role", role]).status == 0)
            let node = try await cluster.start("node", role: "all", ["--database-url", address])
            let account: OrganizationCreated = try await cluster.admin(["admin", "org", "create", "Test"])
            let _: PurchaseBody = try await cluster.admin([
                "admin", "purchase", account.organizationID, "--package", "pack_2000", "--reference", "PO-1",
            ])
            let sheet = Sheet(parts: [.init(marker: "", count: 10, failure: nil)])
            try await cluster.withClient(of: node, key: account.apiKey) { client in
                var batch = try await client.submit(sheet.file(requestID: "role")).batch
                for _ in 0..<200 where batch.finishedAt == nil {
                    try await Task.sleep(for: .milliseconds(100))
                    batch = try await client.batch(batch.id)
                }
                #expect(batch.status == "completed")
            }
            for sql in ["DELETE FROM event", "UPDATE credit_ledger SET amount_micros = 1", "TRUNCATE task CASCADE"] {
                #expect(throws: (any Error).self, "\(sql)") { try cluster.psql(address, sql) }
            }
            #expect(try await cluster.command(["check"]).status == 0)
        }

        private static func expectLine(_ cluster: Cluster, status: Int32, _ text: String) async throws {
            let outcome = try await cluster.command(["check"])
            #expect(outcome.status == status && outcome.stdout.isEmpty, "\(outcome.stderr)")
            #expect(outcome.stderr.hasPrefix("error: ") && outcome.stderr.contains(text), "\(outcome.stderr)")
            #expect(outcome.stderr.split(separator: "\n").count == 1, "\(outcome.stderr)")
        }
    }
}
