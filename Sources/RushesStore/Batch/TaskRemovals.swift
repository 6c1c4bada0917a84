package import RushesCore
package import RushesDatabase

/// Tasks of one batch that go together, and the videos that go before them.
package struct TaskRemovalPage: Sendable, Equatable {
    /// The batch.
    package let batch: BatchID
    /// The tasks; none when only events are left, or when images of all of them are in hand.
    package let tasks: [VideoTask]
    /// The names of the videos and images that are stored for them.
    package let blobKeys: [String]
    /// True when images of some tasks are in hand, so that these go later.
    package let isWaiting: Bool
}

extension SQLReading {
    /// The batch that ended longest ago of those whose tasks have been kept for their time: no attempt is watched, and
    /// endpoints have been told of everything that its organization has had to tell by then. Other attempts have ended
    /// with their tasks; the seal of the mark looks at all of them.
    package func batchToRemoveTasksOf(endedBy end: Timestamp) throws(DatabaseError) -> BatchID? {
        try query(
            """
            SELECT b.id FROM batch b
            WHERE b.finished_at IS NOT NULL AND b.tasks_removed_at IS NULL AND b.finished_at <= $1
              AND b.id NOT IN (SELECT t.batch_id FROM attempt a INNER JOIN task t ON t.id = a.task_id
                WHERE a.watch_at IS NOT NULL)
              AND b.organization_id NOT IN (SELECT c.organization_id FROM webhook_cursor c CROSS JOIN event e
                WHERE e.organization_id = c.organization_id AND e.seq = c.fanned_seq + 1 AND e.created_at <= $1)
            ORDER BY b.finished_at, b.id LIMIT 1
            """, [.time(end)]
        ).first?.id(0, BatchIdentity.self)
    }

    /// True when a removal that was begun has to go on.
    package func isTaskRemovalDue() throws(DatabaseError) -> Bool {
        try !query("SELECT 1 FROM task_removal WHERE due_at <= $1 LIMIT 1", [.time(now)]).isEmpty
    }
}

extension SQLTransaction {
    /// Marks a batch: its tasks are gone for everybody from now on, and their rows can be deleted.
    ///
    /// - Returns: false when somebody else has marked it meanwhile.
    /// - Throws: `IllegalBatchTransition`, `DatabaseError`.
    package func beginTaskRemoval(of id: BatchID, after retention: TaskRetention) throws -> Bool {
        guard var batch = try lockBatch(id), batch.tasksRemovedAt == nil else { return false }
        try batch.removeTasks(at: now, after: retention)
        try execute(
            "UPDATE batch SET tasks_removed_at = $1 WHERE id = $2",
            [.time(batch.tasksRemovedAt), .text(id.rawValue)])
        try execute(
            """
            INSERT INTO task_removal (batch_id, organization_id, due_at, attempts, events) VALUES ($1, $2, $3, 0, 0)
            """, [.text(id.rawValue), .text(batch.organization.rawValue), .time(now)])
        return true
    }

    /// Takes up the removal that is due longest: nobody else does until the lease is over. Images of its next tasks are
    /// not looked for any more.
    package func claimTaskRemoval() throws -> TaskRemovalPage? {
        let rows = try query(
            """
            SELECT batch_id FROM task_removal WHERE due_at <= $1
            ORDER BY due_at LIMIT 1\(dialect.forUpdateSkippingLocked)
            """, [.time(now)])
        guard let batch = try rows.first?.id(0, BatchIdentity.self) else { return nil }
        try execute(
            "UPDATE task_removal SET due_at = $1 WHERE batch_id = $2",
            [.time(now.adding(milliseconds: Limits.removalLeaseMilliseconds)), .text(batch.rawValue)])
        let next = try tasks(of: batch, after: -1, states: [], limit: Limits.tasksPerRemovalMax)
        let inHand = try stopIllustrations(of: next.compactMap(\.asset))
        let free = next.filter { task in task.asset.map { !inHand.contains($0) } ?? true }
        let page = Array(free.prefix(TaskRetention.prefix(ofRows: free.map(\.rowsMax))))
        let ids = page.compactMap(\.asset)
        let videos = try assets(ids).values.map(\.blobKey)
        let images = try images(of: ids).values.flatMap { $0 }.map(\.blobKey)
        return TaskRemovalPage(
            batch: batch, tasks: page, blobKeys: (videos + images).sorted(), isWaiting: !inHand.isEmpty)
    }

    /// Has images of some videos not be looked for; answers those whose images are in hand, or wait for another try.
    private func stopIllustrations(of assets: [AssetID]) throws(DatabaseError) -> Set<AssetID> {
        if assets.isEmpty { return [] }
        let list = SQLList(assets.map(\.rawValue), from: 2)
        try execute(
            "UPDATE illustration SET due_at = NULL WHERE due_at <= $1 AND asset_id IN (\(list.places))",
            [.time(now)] + list.values)
        let all = SQLList(assets.map(\.rawValue))
        return Set(
            try query(
                "SELECT asset_id FROM illustration WHERE asset_id IN (\(all.places)) AND due_at IS NOT NULL", all.values
            ).map { row throws(DatabaseError) in try row.id(0, AssetIdentity.self) })
    }

    /// Deletes the rows of a page whose videos are deleted, after they have gone into the sums that reports read; or,
    /// when no task is left, events of single tasks, and last the numbers of their ends.
    ///
    /// - Returns: how many tasks or other rows went; 1 when there was nothing left and the removal is over.
    package func remove(_ page: TaskRemovalPage) throws(DatabaseError) -> Int {
        let isOpen = try !query(
            "SELECT 1 FROM task_removal WHERE batch_id = $1 AND due_at IS NOT NULL\(dialect.forUpdate)",
            [.text(page.batch.rawValue)]
        ).isEmpty
        if !isOpen { return 0 }
        if !page.tasks.isEmpty { return try remove(page.tasks, of: page.batch) }
        if page.isWaiting { return 0 }
        let events = try removeEvents(of: page.batch)
        let removed = events > 0 ? events : try removeEnds(of: page.batch)
        try goOn(with: page.batch, events: events, isOver: removed == 0)
        return max(removed, 1)
    }

    private func remove(_ tasks: [VideoTask], of batch: BatchID) throws(DatabaseError) -> Int {
        let list = SQLList(tasks.map(\.id.rawValue))
        // Another worker may have been faster, when the lease of this one was over.
        let left = Set(
            try query("SELECT id FROM task WHERE id IN (\(list.places))", list.values)
                .map { row throws(DatabaseError) in try row.id(0, TaskIdentity.self) })
        let tasks = tasks.filter { left.contains($0.id) }
        try addToSums(tasks, of: batch)
        try addAttemptsToSums(of: list)
        let assets = SQLList(tasks.compactMap(\.asset).map(\.rawValue))
        for (table, column) in [("asset_image", "asset_id"), ("illustration", "asset_id"), ("asset", "id")] {
            try execute("DELETE FROM \(table) WHERE \(column) IN (\(assets.places))", assets.values)
        }
        let attempts = try execute("DELETE FROM attempt WHERE task_id IN (\(list.places))", list.values)
        try execute("DELETE FROM task WHERE id IN (\(list.places))", list.values)
        try goOn(with: batch, attempts: attempts)
        return tasks.count
    }

    /// Counts tasks by the month in which they ended, as service credits count them.
    private func addToSums(_ tasks: [VideoTask], of batch: BatchID) throws(DatabaseError) {
        let slaSeconds = try query("SELECT sla_seconds FROM batch WHERE id = $1", [.text(batch.rawValue)]).first?
            .optionalInteger(0).map(Int.init)
        let months = Dictionary(grouping: tasks) { task in
            CalendarMonth(containing: task.finishedAt ?? task.createdAt)
        }
        for (month, tasks) in months.sorted(by: { $0.key < $1.key }) {
            var level = ServiceLevel(model: "", month: month)
            for task in tasks { level.count(task, slaSeconds: slaSeconds) }
            try execute(
                """
                INSERT INTO task_sum (batch_id, month, succeeded, failed, within_target, timed_out)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (batch_id, month) DO UPDATE SET succeeded = task_sum.succeeded + excluded.succeeded,
                  failed = task_sum.failed + excluded.failed,
                  within_target = task_sum.within_target + excluded.within_target,
                  timed_out = task_sum.timed_out + excluded.timed_out
                """,
                [
                    .text(batch.rawValue), .int(month.number), .int(level.delivered),
                    .int(tasks.count - level.delivered), .int(level.withinTarget), .int(level.timedOut),
                ])
        }
    }

    /// Adds attempts to the sums that margins are made of; no line of a bill joins them any more.
    private func addAttemptsToSums(of tasks: SQLList) throws(DatabaseError) {
        _ = try query(
            "SELECT 1 FROM attempt WHERE task_id IN (\(tasks.places))\(dialect.forUpdate)", tasks.values)
        // Added up here: a page is short, and a database would sort it.
        var sums: [[SQLValue]: (attempts: Int, billed: Int64)] = [:]
        for row in try query(
            "SELECT \(Self.attemptSumColumns), c.amount_micros \(Self.attemptsWithBills)"
                + " WHERE a.task_id IN (\(tasks.places))", tasks.values)
        {
            let key = Array(row.values.prefix(8))
            sums[key, default: (0, 0)].attempts += 1
            sums[key, default: (0, 0)].billed += try row.optionalInteger(8) ?? 0
        }
        // In one order, so that no two removals wait for each other.
        try executeMany(
            """
            INSERT INTO attempt_sum (day, organization_id, model, outcome, cost_micros, is_billed_on_failure,
              are_charged, is_billed, attempts, billed_micros)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (day, organization_id, model, outcome, cost_micros, is_billed_on_failure, are_charged,
                is_billed)
              DO UPDATE SET attempts = attempt_sum.attempts + excluded.attempts,
                billed_micros = attempt_sum.billed_micros + excluded.billed_micros
            """,
            sums.sorted { "\($0.key)" < "\($1.key)" }.map { key, sum in
                key + [.int(sum.attempts), .integer(sum.billed)]
            })
    }

    private func removeEvents(of batch: BatchID) throws(DatabaseError) -> Int {
        try removeFirst("seq", of: "event", where: "batch_id = $1 AND task_id IS NOT NULL", batch)
    }

    private func removeEnds(of batch: BatchID) throws(DatabaseError) -> Int {
        try removeFirst("first", of: "task_end", where: "batch_id = $1", batch)
    }

    /// Deletes the first rows of a batch by a number of theirs.
    private func removeFirst(
        _ number: String, of table: String, where condition: String, _ batch: BatchID
    ) throws(DatabaseError) -> Int {
        let rows = try query(
            "SELECT \(number) FROM \(table) WHERE \(condition) ORDER BY \(number) LIMIT $2",
            [.text(batch.rawValue), .int(Limits.rowsPerRemovalMax)])
        guard let last = rows.last else { return 0 }
        return try execute(
            "DELETE FROM \(table) WHERE \(condition) AND \(number) <= $2",
            [.text(batch.rawValue), .integer(try last.integer(0))])
    }

    private func goOn(
        with batch: BatchID, attempts: Int = 0, events: Int = 0, isOver: Bool = false
    ) throws(DatabaseError) {
        try execute(
            """
            UPDATE task_removal SET attempts = attempts + $1, events = events + $2, due_at = $3 WHERE batch_id = $4
            """,
            [.int(attempts), .int(events), isOver ? .null : .time(now), .text(batch.rawValue)])
    }
}
