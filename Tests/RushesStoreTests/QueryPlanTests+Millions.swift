import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

extension QueryPlanTests {
    /// A million ended tasks and a million that wait: the plans that the databases really choose then.
    @Test("beside a million ended and a million waiting tasks the plans stay", arguments: TestDatabase.oneOfEach)
    func plansBesideMillions(_ kind: TestDatabase) async throws {
        try await StoreWorld.with(kind) { world in
            let plan = try await history(in: world)
            try await world.addMillions()
            for (sql, values) in try await hotStatements(of: plan, in: world) {
                let plan = try await QueryPlan(of: sql, values, on: world.database, .chosen)
                // The other tables are small here, and PostgreSQL knows it; the pages tell what it costs all the same.
                let growth = kind == .postgres ? plan.growth.filter { ($0 + " ").contains(" on task ") } : plan.growth
                #expect(growth.isEmpty, "\(plan.lines)\n\(sql)")
                if kind == .postgres, sql.hasPrefix("SELECT"), !sql.contains("FOR NO KEY UPDATE") {
                    let pages = try await world.pagesRead(by: sql, values)
                    #expect(pages <= Self.pagesMax, "\(pages) pages: \(sql)")
                }
            }
        }
    }

    /// Pages that one statement may touch: a page of a list with a look-up for each row, or one batch read whole.
    private static let pagesMax = 2_500
}

extension StoreWorld {
    /// Adds 100 ended and 100 waiting batches of 10,000 tasks, half of each to an organization of their own.
    func addMillions() async throws {
        let isPostgres = try await database.read(\.dialect).name == .postgres
        let other = OrganizationID(trusted: "org_00000000000000000000000009")
        try await database.write { transaction in
            try transaction.insertOrganization(other, name: "Large")
            // The rows are right as they are; checking two million foreign keys would take minutes.
            if isPostgres { try transaction.execute("SET LOCAL session_replication_role = replica", []) }
            for number in 0..<200 {
                let owner = number % 4 < 2 ? organization : other
                try transaction.addBatch(number, of: owner, isEnded: number % 2 == 0)
            }
        }
        // Without statistics, as SQLite's installations are; PostgreSQL gathers them by itself.
        if isPostgres { try await execute("ANALYZE") }
    }

    /// Pages of PostgreSQL that a query touches.
    func pagesRead(by sql: String, _ values: [SQLValue]) async throws -> Int {
        let lines = try await rows("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) " + sql, values).map {
            try $0.text(0)
        }
        guard let line = lines.first(where: { $0.contains("Buffers: shared") }) else { return 0 }
        return line.split(separator: " ").compactMap { word in
            word.hasPrefix("hit=") || word.hasPrefix("read=") ? Int(word.drop { $0 != "=" }.dropFirst()) : nil
        }.reduce(0, +)
    }
}

extension SQLTransaction {
    fileprivate func addBatch(_ number: Int, of owner: OrganizationID, isEnded: Bool) throws {
        let id = "bat_0000000000000000000000\(number + 1_000)"
        let columns = """
            id, organization_id, request_id, request_hash, model, lane_id, metadata, unit_price_micros, price_version,
            created_at, window_ends_at, status, total, queued, running, succeeded, failed, posted_succeeded, posted_failed,
            instalments, started_at, finished_at
            """
        let progress =
            isEnded
            ? "'failed', 10000, 0, 0, 0, 10000, 0, 10000, 1, 5, 6"
            : "'queued', 10000, 10000, 0, 0, 0, 0, 0, 0, NULL, NULL"
        try execute(
            """
            INSERT INTO batch (\(columns))
            VALUES ($1, $2, $3, 'h', 'veo-pro', $4, '{}', 5990000, 1, 5, $5, \(progress))
            """,
            [
                .text(id), .text(owner.rawValue), .text("many-\(number)"), .text(StoreWorld.lane.rawValue),
                .integer(now.milliseconds + 86_400_000),
            ])
        let end = isEnded ? "'failed', 'cancelled', '', 6" : "'queued', NULL, NULL, NULL"
        try execute(
            """
            INSERT INTO task (id, batch_id, organization_id, lane_id, place, custom_id, prompt, seconds, size, created_at,
              attempt, generations, blind_resubmissions, tries, due_at, state, failure_type, failure_message, finished_at)
            WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 9999)
            SELECT 'tsk_' || substr($1, 23) || n, $1, $2, $3, n, 'row-' || n, 'prompt', 8, '1280x720', 5, 0, 0, 0, 0, 5, \(end)
            FROM number
            """, [.text(id), .text(owner.rawValue), .text(StoreWorld.lane.rawValue)])
    }
}
