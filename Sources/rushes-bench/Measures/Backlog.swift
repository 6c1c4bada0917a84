import RushesCore
import RushesEngine

/// So many waiting tasks, written by plain SQL: always a hundred batches of fifty organizations, so that only their
/// number differs.
struct Backlog {
    static let organizations = 50
    static let batches = 100
    let tasks: Int

    private var tasksPerBatch: Int { tasks / Self.batches }

    /// Fills a database that has the catalogue.
    func fill(_ world: BenchWorld) async throws {
        var owners: [OrganizationID] = []
        for number in 0..<Self.organizations {
            owners.append(try await BenchWorld.customer("Studio \(number)", of: world.engine).organization)
        }
        let connection = try world.database.plain()
        try connection.run([connection.unsafe])
        for number in 0..<Self.batches {
            let id = world.environment.ids.next(BatchIdentity.self).rawValue
            let now = world.environment.now().milliseconds - Int64(Self.batches - number)
            try connection.transaction(statements(id, owners[number % owners.count].rawValue, at: now))
        }
        try connection.settleDown()
    }

    private func statements(_ batch: String, _ owner: String, at now: Int64) -> [String] {
        let lane = BenchWorld.model.route.lane.rawValue.quoted
        return [
            """
            INSERT INTO batch (id, organization_id, request_id, request_hash, model, lane_id, metadata,
              unit_price_micros, price_version, created_at, window_ends_at, status, total, queued, running, succeeded,
              failed, posted_succeeded, posted_failed, instalments)
            VALUES ('\(batch)', '\(owner)', '\(batch)', \(PlainInsert.hash.quoted), \(BenchWorld.model.id.quoted),
              \(lane), '{}', 490000, 1, \(now), \(now + 86_400_000), 'queued', \(tasksPerBatch), \(tasksPerBatch), 0, 0,
              0, 0, 0, 0)
            """,
            // The place at the end of a task's name keeps the names in the order of the rows.
            """
            INSERT INTO task (\(PlainBatch.taskColumns))
            WITH RECURSIVE number (place) AS
              (SELECT 0 UNION ALL SELECT place + 1 FROM number WHERE place < \(tasksPerBatch - 1))
            SELECT 'tsk_\(batch.dropFirst(4).prefix(20))' || substr(CAST(1000000 + place AS TEXT), 2), '\(batch)',
              '\(owner)', \(lane), place, 'row-' || CAST(place + 1 AS TEXT),
              'a lighthouse at dusk, seen from a small boat in a swell, number ' || CAST(place AS TEXT), 4,
              '1280x720', \(now), 'queued', 0, 0, 0, 0, \(now) FROM number
            """,
        ]
    }
}

extension PlainConnection {
    /// The setting under which filling a database does not wait for the disk.
    fileprivate var unsafe: String {
        switch Self.form {
        case .eachTask: "PRAGMA synchronous = OFF"
        case .allTasks: "SET synchronous_commit = off"
        }
    }

    /// What time would have done to so many rows: statistics, and everything on the disk.
    fileprivate func settleDown() throws {
        switch Self.form {
        case .eachTask: try run(["PRAGMA synchronous = FULL", "PRAGMA wal_checkpoint(TRUNCATE)"])
        case .allTasks: for sql in ["VACUUM (ANALYZE) task", "ANALYZE batch", "CHECKPOINT"] { try run([sql]) }
        }
    }
}
