package import RushesCore
package import RushesDatabase

private let batchColumns = """
    id, organization_id, request_id, model, lane_id, name, metadata, max_concurrency, window_hours, unit_price_micros,
    price_version, created_at, window_ends_at, status, total, queued, running, succeeded, failed, posted_succeeded,
    posted_failed, instalments, settle_due_at, started_at, finished_at, cancel_requested_at, sla_seconds,
    api_key_id, project, tasks_removed_at
    """

extension SQLRow {
    fileprivate func batch() throws(DatabaseError) -> Batch {
        let counts = BatchCounts(
            total: try int(14), queued: try int(15), running: try int(16), succeeded: try int(17), failed: try int(18))
        let progress = Batch.Progress(
            status: try value(13, Batch.Status.self), counts: counts, postedSucceeded: try int(19),
            postedFailed: try int(20), instalments: try int(21), settleDueAt: try optionalTime(22),
            startedAt: try optionalTime(23), finishedAt: try optionalTime(24), cancelRequestedAt: try optionalTime(25),
            tasksRemovedAt: try optionalTime(29))
        return Batch(
            id: try id(0, BatchIdentity.self), organization: try id(1, OrganizationIdentity.self),
            requestID: try text(2),
            model: try text(3), lane: LaneID(try text(4)), name: try optionalText(5),
            metadata: try JSONText.pairs(from: try text(6)),
            maxConcurrency: try optionalInteger(7).map(Int.init), windowHours: try optionalInteger(8).map(Int.init),
            apiKey: try optionalText(27).map { APIKeyID(trusted: $0) }, project: try optionalText(28),
            unitPrice: try credits(9), priceVersion: try int(10),
            slaSeconds: try optionalInteger(26).map(Int.init), createdAt: try time(11), windowEndsAt: try time(12),
            stored: progress)
    }
}

extension SingleQuery<Batch?> {
    /// A batch of an organization.
    package static func batch(_ id: BatchID, of organization: OrganizationID) -> SingleQuery<Batch?> {
        SingleQuery(
            "SELECT \(batchColumns) FROM batch WHERE id = $1 AND organization_id = $2",
            [.text(id.rawValue), .text(organization.rawValue)]
        ) { rows throws(DatabaseError) in try rows.first?.batch() }
    }
}

extension SingleQuery<[BatchID]> {
    /// The batches of idempotency keys.
    ///
    /// Looks each key up by itself. With `request_id IN (...)` a planner that knows little of the table yet, or takes
    /// this organization for one like the others, reads all its batches by another index and compares each with all
    /// keys; and such a plan is kept while the table grows.
    package static func batchIDs(
        ofRequests requestIDs: [String], of organization: OrganizationID
    ) -> SingleQuery<[BatchID]> {
        let list = SQLList(requestIDs, from: 2)
        let wanted = list.numbers.map { "($\($0))" }.joined(separator: ", ")
        return SingleQuery(
            """
            SELECT (SELECT id FROM batch WHERE organization_id = $1 AND request_id = wanted.column1)
            FROM (VALUES \(wanted)) AS wanted
            """, [.text(organization.rawValue)] + list.values
        ) { rows throws(DatabaseError) in
            var ids: [BatchID] = []
            for row in rows { if let id = try row.optionalText(0) { ids.append(BatchID(trusted: id)) } }
            return ids
        }
    }
}

extension SQLReading {
    /// A batch of an organization.
    package func batch(_ id: BatchID, of organization: OrganizationID) throws(DatabaseError) -> Batch? {
        try read(.batch(id, of: organization))
    }

    /// Batches of an organization by their ids.
    func batches(
        _ ids: Set<BatchID>, of organization: OrganizationID
    ) throws(DatabaseError) -> [BatchID: Batch] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.sorted().map(\.rawValue), from: 2)
        var found: [BatchID: Batch] = [:]
        for row in try query(
            "SELECT \(batchColumns) FROM batch WHERE organization_id = $1 AND id IN (\(list.places))",
            [.text(organization.rawValue)] + list.values)
        {
            let batch = try row.batch()
            found[batch.id] = batch
        }
        return found
    }

    /// The batch of an idempotency key, with the hash of its request.
    package func batch(
        requestID: String, of organization: OrganizationID
    ) throws(DatabaseError) -> (batch: Batch, requestHash: String)? {
        try batches(requestIDs: [requestID], of: organization)[requestID]
    }

    /// The batches of idempotency keys, with the hashes of their requests, by key.
    package func batches(
        requestIDs: [String], of organization: OrganizationID
    ) throws(DatabaseError) -> [String: (batch: Batch, requestHash: String)] {
        try batches(withRequestIDs: read(.batchIDs(ofRequests: requestIDs, of: organization)), of: organization)
    }

    /// The same where their identifiers are known.
    package func batches(
        withRequestIDs ids: [BatchID], of organization: OrganizationID
    ) throws(DatabaseError) -> [String: (batch: Batch, requestHash: String)] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.map(\.rawValue), from: 2)
        let rows = try query(
            """
            SELECT \(batchColumns), request_hash FROM batch
            WHERE organization_id = $1 AND id IN (\(list.places))
            """, [.text(organization.rawValue)] + list.values)
        var found: [String: (batch: Batch, requestHash: String)] = [:]
        for row in rows {
            let batch = try row.batch()
            found[batch.requestID] = (batch, try row.text(30))
        }
        return found
    }

    /// An organization's batches, newest first, before one of them.
    package func batches(
        of organization: OrganizationID, before id: BatchID?, limit: Int
    ) throws(DatabaseError) -> [Batch] {
        // A letter after every digit and letter of a ULID stands for "from the newest".
        let cursor = id?.rawValue ?? "bat_~"
        return try query(
            "SELECT \(batchColumns) FROM batch WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            [.text(organization.rawValue), .text(cursor), .int(limit)]
        ).map { row throws(DatabaseError) in try row.batch() }
    }

    /// Batches whose next posting is due, longest due first.
    package func batchesToSettle(limit: Int) throws(DatabaseError) -> [BatchID] {
        // Those that are due at the same moment in the order of their ids, so that every database posts in one order.
        try query(
            """
            SELECT settle_due_at, id FROM batch WHERE settle_due_at IS NOT NULL AND settle_due_at <= $1
            ORDER BY settle_due_at LIMIT $2
            """, [.time(now), .int(limit)]
        ).map { row throws(DatabaseError) in (try row.integer(0), try row.id(1, BatchIdentity.self)) }
            .sorted { $0 < $1 }.map { $0.1 }
    }

    /// Batches with waiting tasks whose window has ended.
    package func batchesPastWindow(limit: Int) throws(DatabaseError) -> [BatchID] {
        try batchIDs("queued > 0 AND window_ends_at <= $1 ORDER BY window_ends_at LIMIT $2", limit)
    }

    /// Cancelled batches with waiting tasks.
    package func cancelledBatches(limit: Int) throws(DatabaseError) -> [BatchID] {
        try batchIDs(
            """
            cancel_requested_at IS NOT NULL AND queued > 0 AND cancel_requested_at <= $1
            ORDER BY cancel_requested_at LIMIT $2
            """, limit)
    }

    /// Batches with waiting tasks on a lane that the provider has retired or an operator has killed.
    package func batchesOnGoneLanes(limit: Int) throws(DatabaseError) -> [BatchID] {
        // CROSS JOIN: SQLite reads the lanes first, of which few are gone, and not every batch that waits.
        try query(
            """
            SELECT batch.id FROM lane CROSS JOIN batch
            WHERE (lane.state = 'retired' OR lane.control = 'killed') AND batch.lane_id = lane.id AND batch.queued > 0
              AND batch.cancel_requested_at IS NULL LIMIT $1
            """, [.int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, BatchIdentity.self) }
    }

    private func batchIDs(_ condition: String, _ limit: Int) throws(DatabaseError) -> [BatchID] {
        try query("SELECT id FROM batch WHERE \(condition)", [.time(now), .int(limit)])
            .map { row throws(DatabaseError) in try row.id(0, BatchIdentity.self) }
    }

    /// Tasks that wait in a lane, over at most `Limits.batchesPerEstimateMax` batches: enough for an estimate.
    package func waitingTasks(in lane: LaneID) throws(DatabaseError) -> Int {
        let rows = try query(
            """
            SELECT CAST(COALESCE(SUM(queued), 0) AS BIGINT) FROM (SELECT queued FROM batch
              WHERE lane_id = $1 AND queued > 0 AND cancel_requested_at IS NULL LIMIT $2) AS waiting
            """, [.text(lane.rawValue), .int(Limits.batchesPerEstimateMax)])
        return try rows[0].int(0)
    }
}

extension SQLTransaction {
    /// A batch, locked until the end of the transaction: after its lane, before its wallet.
    package func lockBatch(_ id: BatchID) throws(DatabaseError) -> Batch? {
        try query("SELECT \(batchColumns) FROM batch WHERE id = $1\(dialect.forUpdate)", [.text(id.rawValue)]).first?
            .batch()
    }

    /// Batches, locked in the order of their ids.
    func lockBatches(_ ids: [BatchID]) throws(DatabaseError) -> [BatchID: Batch] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.sorted().map(\.rawValue))
        return try batches(
            query(
                """
                SELECT \(batchColumns) FROM batch WHERE id IN (\(list.places))\(dialect.forUpdate(orderedBy: "id"))
                """, list.values))
    }

    private func batches(_ rows: [SQLRow]) throws(DatabaseError) -> [BatchID: Batch] {
        var batches: [BatchID: Batch] = [:]
        for row in rows {
            let batch = try row.batch()
            batches[batch.id] = batch
        }
        return batches
    }

    /// Batches that may be dispatched from, locked in the order of their ids; the others were cancelled or filled up
    /// meanwhile, or their window has ended.
    package func lockBatchesToDispatch(_ ids: [BatchID]) throws(DatabaseError) -> [BatchID: Batch] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.sorted().map(\.rawValue), from: 2)
        return try batches(
            query(
                """
                SELECT \(batchColumns) FROM batch WHERE window_ends_at > $1 AND id IN (\(list.places))
                  AND queued > 0 AND cancel_requested_at IS NULL\(dialect.forUpdate(orderedBy: "id"))
                """, [.time(now)] + list.values))
    }

    /// Adds new batches, each with the hash of its request.
    package func insert(_ batches: [(batch: Batch, requestHash: String)]) throws {
        let columns = [
            "id", "organization_id", "request_id", "request_hash", "model", "lane_id", "name", "metadata",
            "max_concurrency", "window_hours", "unit_price_micros", "price_version", "created_at", "window_ends_at",
            "status", "total", "queued", "running", "succeeded", "failed", "posted_succeeded", "posted_failed",
            "instalments", "sla_seconds", "api_key_id", "project",
        ]
        try bulkInsert(
            "batch", columns,
            try batches.map { batch, requestHash in
                [
                    .text(batch.id.rawValue), .text(batch.organization.rawValue), .text(batch.requestID),
                    .text(requestHash), .text(batch.model), .text(batch.lane.rawValue), .optional(batch.name),
                    .text(try JSONText.encode(batch.metadata)), .optional(batch.maxConcurrency.map(Int64.init)),
                    .optional(batch.windowHours.map(Int64.init)), .integer(batch.unitPrice.micros),
                    .int(batch.priceVersion), .time(batch.createdAt), .time(batch.windowEndsAt),
                    .text(batch.status.rawValue), .int(batch.counts.total), .int(batch.counts.queued),
                    0, 0, 0, 0, 0, 0, .optional(batch.slaSeconds.map(Int64.init)),
                    .optional(batch.apiKey?.rawValue), .optional(batch.project),
                ]
            })
    }

    /// Writes a locked batch's changing columns.
    package func save(_ batch: Batch) throws(DatabaseError) {
        try save([batch])
    }

    /// Writes locked batches' changing columns.
    func save(_ batches: [Batch]) throws(DatabaseError) {
        if batches.isEmpty { return }
        try enqueueMany(
            """
            UPDATE batch SET status = $1, queued = $2, running = $3, succeeded = $4, failed = $5, posted_succeeded = $6,
              posted_failed = $7, instalments = $8, settle_due_at = $9, started_at = $10, finished_at = $11,
              cancel_requested_at = $12 WHERE id = $13
            """,
            batches.map { batch in
                [
                    .text(batch.status.rawValue), .int(batch.counts.queued), .int(batch.counts.running),
                    .int(batch.counts.succeeded), .int(batch.counts.failed), .int(batch.postedSucceeded),
                    .int(batch.postedFailed), .int(batch.instalments), .time(batch.settleDueAt),
                    .time(batch.startedAt), .time(batch.finishedAt), .time(batch.cancelRequestedAt),
                    .text(batch.id.rawValue),
                ]
            })
    }
}
