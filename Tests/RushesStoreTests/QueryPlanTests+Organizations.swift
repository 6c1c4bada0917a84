import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting
import Testing

extension QueryPlanTests {
    /// An index that reads all batches of an organization looks cheap where organizations have few, and each of the
    /// others pays for it.
    @Test("keys of requests are looked up by their own index, however few batches most organizations have")
    func keysOfRequests() async throws {
        guard TestPostgres.url != nil else { return }
        try await StoreWorld.with(.postgres) { world in
            _ = try await history(in: world)
            try await world.addOrganizations()
            let recorder = RecordingDatabase(world.database)
            let keys = ["open"] + (1...15).map { "new-\($0)" }
            let found = try await recorder.read { reader in
                try reader.batches(requestIDs: keys, of: world.organization).map(\.key)
            }
            #expect(found == ["open"])
            #expect(recorder.statements.count == 2)
            let lines = try await QueryPlan(
                of: recorder.statements[0].sql, recorder.statements[0].values, on: world.database, .chosen
            ).lines
            #expect(lines.contains { $0.contains("Scan using batch_organization_id_request_id_key") }, "\(lines)")
            #expect(lines.contains { $0.contains("Index Cond") && $0.contains("request_id") }, "\(lines)")
        }
    }
}

extension StoreWorld {
    /// Adds 200 organizations with 30 batches each, as the planner of PostgreSQL sees them.
    fileprivate func addOrganizations() async throws {
        try await database.write { transaction in
            // The rows stand for themselves; nothing is posted for them.
            try transaction.execute("SET LOCAL session_replication_role = replica", [])
            try transaction.execute(
                """
                INSERT INTO batch SELECT (jsonb_populate_record(b, jsonb_build_object(
                  'id', 'bat_' || o || '_' || n, 'organization_id', 'org_' || o, 'request_id', 'r-' || n))).*
                FROM batch b CROSS JOIN generate_series(1, 200) AS o CROSS JOIN generate_series(1, 30) AS n
                WHERE b.request_id = 'ended'
                """, [])
        }
        try await execute("ANALYZE")
    }
}
