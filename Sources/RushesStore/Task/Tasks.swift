package import RushesCore
package import RushesDatabase

/// The columns of a task in the order in which `SQLRow.task()` reads them.
let taskColumns = """
    id, batch_id, organization_id, lane_id, place, custom_id, prompt, seconds, size, created_at, state, attempt,
    generations, blind_resubmissions, tries, due_at, dispatched_at, deadline_at, provider_job, failure_type,
    failure_message, failure_code, finished_at, asset_id, waiting_lane_id
    """

extension SQLRow {
    func task() throws(DatabaseError) -> VideoTask {
        let created = VideoTask(
            id: try id(0, TaskIdentity.self), batch: try id(1, BatchIdentity.self),
            organization: try id(2, OrganizationIdentity.self), lane: LaneID(try text(3)), index: try int(4),
            specification: TaskSpecification(
                customID: try text(5), prompt: try text(6), seconds: try int(7), size: try text(8)),
            createdAt: try time(9))
        return VideoTask(created: created, stored: try taskProgress())
    }

    private func taskProgress() throws(DatabaseError) -> VideoTask.Progress {
        var failure: Failure?
        if try optionalText(19) != nil {
            failure = Failure(
                try value(19, FailureType.self), message: try optionalText(20) ?? "", providerCode: try optionalText(21)
            )
        }
        return VideoTask.Progress(
            state: try value(10, VideoTask.State.self), attempt: try int(11), generations: try int(12),
            blindResubmissions: try int(13), tries: try int(14), dueAt: try time(15),
            dispatchedAt: try optionalTime(16),
            deadlineAt: try optionalTime(17), job: try optionalText(18).map(ProviderJobID.init), failure: failure,
            finishedAt: try optionalTime(22), asset: try optionalText(23).map(AssetID.init(trusted:)),
            waitingLane: try optionalText(24).map(LaneID.init))
    }
}

extension SQLReading {
    /// A task of an organization.
    package func task(_ id: TaskID, of organization: OrganizationID) throws(DatabaseError) -> VideoTask? {
        let rows = try query(
            "SELECT \(taskColumns) FROM task WHERE id = $1 AND organization_id = $2",
            [.text(id.rawValue), .text(organization.rawValue)])
        return try rows.first?.task()
    }

    /// A batch's tasks after a place, in order; with a state only those in it.
    package func tasks(
        of batch: BatchID, after place: Int, states: [VideoTask.State], limit: Int
    ) throws(DatabaseError) -> [VideoTask] {
        let filter =
            states.isEmpty ? "" : " AND state IN (\(states.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
        let rows = try query(
            "SELECT \(taskColumns) FROM task WHERE batch_id = $1 AND place > $2\(filter) ORDER BY place LIMIT $3",
            [.text(batch.rawValue), .int(place), .int(limit)])
        return try rows.map { row throws(DatabaseError) in try row.task() }
    }

    /// Tasks of a batch that wait in a lane, with the batch or apart from it, and may be dispatched now, longest
    /// waiting first; with `onlyAgain` only those whose deadline runs since an earlier dispatch.
    package func readyTasks(
        of batch: BatchID, in lane: LaneID, onlyAgain: Bool = false, limit: Int
    ) throws(DatabaseError) -> [VideoTask] {
        let filter = onlyAgain ? " AND deadline_at IS NOT NULL" : ""
        let rows = try query(
            """
            SELECT \(taskColumns) FROM task WHERE batch_id = $1 AND state = 'queued'\(filter) AND due_at <= $2
              AND COALESCE(waiting_lane_id, (SELECT b.lane_id FROM batch b WHERE b.id = $1)) = $3
            ORDER BY due_at, place LIMIT $4
            """, [.text(batch.rawValue), .time(now), .text(lane.rawValue), .int(limit)])
        return try rows.map { row throws(DatabaseError) in try row.task() }
    }
    /// True when a task of one stage must be looked at, now or since some time.
    package func isAnyDue(
        in state: VideoTask.State, sinceMilliseconds: Int64 = 0
    ) throws(DatabaseError) -> Bool {
        try !query(
            "SELECT 1 FROM task WHERE state = '\(state.rawValue)' AND due_at <= $1 LIMIT 1",
            [.time(now.adding(milliseconds: -sinceMilliseconds))]
        ).isEmpty
    }

    /// Tasks of one state whose deadline is at or before a moment.
    package func overdueTasks(
        in state: VideoTask.State, deadlineBefore moment: Timestamp, limit: Int
    ) throws(DatabaseError) -> [VideoTask] {
        let rows = try query(
            """
            SELECT \(taskColumns) FROM task WHERE state = '\(state.rawValue)' AND deadline_at IS NOT NULL
              AND deadline_at <= $1 ORDER BY deadline_at LIMIT $2
            """, [.time(moment), .int(limit)])
        return try rows.map { row throws(DatabaseError) in try row.task() }
    }

    /// Waiting tasks of a batch, in order; with `neverDispatched` only those whose deadline does not run.
    package func queuedTasks(of batch: BatchID, neverDispatched: Bool, limit: Int) throws(DatabaseError) -> [VideoTask]
    {
        let filter = neverDispatched ? " AND dispatched_at IS NULL" : ""
        let rows = try query(
            """
            SELECT \(taskColumns) FROM task WHERE batch_id = $1 AND state = 'queued'\(filter)
            ORDER BY due_at, place LIMIT $2
            """, [.text(batch.rawValue), .int(limit)])
        return try rows.map { row throws(DatabaseError) in try row.task() }
    }

    /// True when another task's create may be under way in the lane with the same prompt, length and size, so that a
    /// listed job might be that task's: no call outlives the lease of its attempt.
    package func hasTwinUnderWay(_ task: VideoTask) throws(DatabaseError) -> Bool {
        let rows = try query(
            """
            SELECT 1 FROM task INNER JOIN attempt ON attempt.task_id = task.id AND attempt.number = task.attempt
            WHERE task.state = 'submitting' AND attempt.started_at > $1 AND task.id <> $2 AND task.lane_id = $3
              AND task.prompt = $4 AND task.seconds = $5 AND task.size = $6 AND attempt.outcome = 'submitting' LIMIT 1
            """,
            [
                .time(now.adding(milliseconds: -VideoTask.submitLeaseMilliseconds)), .text(task.id.rawValue),
                .text(task.lane.rawValue), .text(task.specification.prompt),
                .int(task.specification.seconds), .text(task.specification.size),
            ])
        return !rows.isEmpty
    }
}

extension SQLReading {
    /// True when a job that tells no prompt may have been made by the create of another task: one that has no job yet
    /// and was dispatched before the job was there. Attempts whose job was looked for in vain hold no slot any more.
    package func mayBeAnothers(_ job: ListedJob, than task: VideoTask) throws(DatabaseError) -> Bool {
        let rows = try query(
            """
            SELECT 1 FROM attempt WHERE lane_id = $1 AND holds_slot = 1 AND provider_job IS NULL AND task_id <> $2
              AND started_at <= $3 LIMIT 1
            """,
            [.text(task.lane.rawValue), .text(task.id.rawValue), .time(ReconcileMatch.latestStart(of: job))])
        return !rows.isEmpty
    }
}

extension SQLTransaction {
    /// Adds the tasks of a new batch.
    package func insert(_ tasks: [VideoTask]) throws(DatabaseError) {
        let columns = [
            "id", "batch_id", "organization_id", "lane_id", "place", "custom_id", "prompt", "seconds", "size",
            "created_at",
            "state", "attempt", "generations", "blind_resubmissions", "tries", "due_at",
        ]
        let rows = tasks.map { task -> [SQLValue] in
            [
                .text(task.id.rawValue), .text(task.batch.rawValue), .text(task.organization.rawValue),
                .text(task.lane.rawValue), .int(task.index), .text(task.specification.customID),
                .text(task.specification.prompt), .int(task.specification.seconds), .text(task.specification.size),
                .time(task.createdAt), .text(task.state.rawValue), 0, 0, 0, 0, .time(task.dueAt),
            ]
        }
        try bulkInsert("task", columns, rows)
    }
}

extension SQLTransaction {
    /// Makes every task that a worker had in hand due: now, or 5 s from now when its create may be on its way; answers
    /// how many.
    package func makeOpenTasksDue() throws(DatabaseError) -> Int {
        // One state at a time: only so does SQLite use the index of open tasks.
        var changed = 0
        for state in [VideoTask.State.running, .storing] {
            changed += try execute(
                "UPDATE task SET due_at = $1 WHERE state = '\(state.rawValue)' AND due_at > $1", [.time(now)])
        }
        // A create of the former process may still be on its way: the waits before the two looks are kept.
        changed += try execute(
            "UPDATE task SET due_at = $1 WHERE state = 'submitting' AND tries = 0 AND due_at > $1",
            [.time(now.adding(milliseconds: VideoTask.firstLookMilliseconds))])
        return changed
    }
}
