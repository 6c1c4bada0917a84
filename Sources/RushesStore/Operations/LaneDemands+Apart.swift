package import RushesCore
package import RushesDatabase

/// A task that waits in a lane apart from its batch, word for word as in the index `task_apart`.
private let isApart = "state = 'queued' AND waiting_lane_id IS NOT NULL"

extension SQLReading {
    /// True when a task that waits in a lane apart from its batch may be dispatched now.
    func isAnyReadyApart(in lane: LaneID) throws(DatabaseError) -> Bool {
        try !query(
            "SELECT 1 FROM task WHERE waiting_lane_id = $1 AND \(isApart) AND due_at <= $2 LIMIT 1",
            [.text(lane.rawValue), .time(now)]
        ).isEmpty
    }

    /// True when a task waits in a lane apart from its batch.
    package func isAnyApart(in lane: LaneID) throws(DatabaseError) -> Bool {
        try !query("SELECT 1 FROM task WHERE waiting_lane_id = $1 AND \(isApart) LIMIT 1", [.text(lane.rawValue)])
            .isEmpty
    }

    /// Tasks that wait in a lane apart from their batches, longest due first.
    package func tasksApart(in lane: LaneID, limit: Int) throws(DatabaseError) -> [VideoTask] {
        try query(
            """
            SELECT \(taskColumns) FROM task WHERE waiting_lane_id = $1 AND \(isApart) ORDER BY due_at LIMIT $2
            """, [.text(lane.rawValue), .int(limit)]
        ).map { row throws(DatabaseError) in try row.task() }
    }

    /// What waits in a lane, is ready, and belongs to batches of other lanes; the longest ready are looked at.
    func batchesApart(in lane: LaneID) throws(DatabaseError) -> [OrganizationID: [BatchDemand]] {
        var ready: [String: Int] = [:]
        for row in try query(
            """
            SELECT batch_id FROM task WHERE waiting_lane_id = $1 AND \(isApart) AND due_at <= $2
            ORDER BY due_at LIMIT \(Limits.tasksPerClaimMax)
            """, [.text(lane.rawValue), .time(now)])
        { ready[try row.text(0), default: 0] += 1 }
        if ready.isEmpty { return [:] }
        let list = SQLList(ready.keys.sorted(), from: 3)
        let rows = try query(
            """
            SELECT organization_id, id, running, max_concurrency FROM batch
            WHERE lane_id <> $1 AND window_ends_at > $2 AND id IN (\(list.places)) AND cancel_requested_at IS NULL
            """, [.text(lane.rawValue), .time(now)] + list.values)
        var batches: [OrganizationID: [BatchDemand]] = [:]
        for row in rows {
            let id = try row.id(1, BatchIdentity.self)
            batches[try row.id(0, OrganizationIdentity.self), default: []].append(
                BatchDemand(
                    batch: id, queued: ready[id.rawValue] ?? 0, running: try row.int(2),
                    maxConcurrency: try row.optionalInteger(3).map(Int.init)))
        }
        return batches.mapValues { $0.sorted { $0.batch < $1.batch } }
    }
}
