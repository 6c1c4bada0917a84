import RushesCore

/// Every row that is written for a task between its claim and its end, as the workers write them: **the one place** to
/// change when the engine writes other rows. Only the columns that change, no decisions; settlement is left out.
struct PathWrites {
    /// How a statement names the tasks that it writes: its only parameter.
    enum Form {
        /// `$1` is one task: the statement runs for each, which is the fastest in a process of one's own (SQLite).
        case eachTask
        /// `$1` is an array of tasks: the statement runs once, which is the fastest over a connection (PostgreSQL).
        case allTasks
    }

    /// What one transaction writes: a provider is called between one stage and the next.
    struct Stage {
        var perTask: [String]
        var perGroup: [String] = []
    }

    let batch: PlainBatch
    let tasksPerGroup: Int
    let form: Form

    private var now: Int64 { batch.createdAt + 1_000 }
    private var deadline: Int64 { now + 120_000 }
    private var lane: String { batch.lane.quoted }
    private var organization: String { batch.organization.quoted }

    /// The claim's question.
    var ready: String {
        """
        SELECT id FROM task WHERE batch_id = \(batch.id.quoted) AND state = 'queued' AND due_at <= \(now)
        ORDER BY due_at, place LIMIT \(tasksPerGroup)
        """
    }

    /// Claim, accept, lease to poll, complete, lease to store, store.
    var stages: [Stage] {
        [
            Stage(perTask: [claimTask, insertAttempt], perGroup: [move(queued: -1, running: 1), slots(1), takeShare]),
            Stage(perTask: [acceptTask, acceptAttempt]),
            Stage(perTask: [update("due_at = \(now + 30_000)", state: "running")]),
            Stage(perTask: [completeTask, completeAttempt], perGroup: [slots(-1), giveShareBack]),
            Stage(perTask: [update("due_at = \(now + 60_000), tries = tries + 1", state: "storing")]),
            Stage(perTask: [storeTask, insertAsset], perGroup: [move(running: -1, succeeded: 1)]),
        ]
    }

    private var claimTask: String {
        update(
            """
            state = 'submitting', attempt = 1, generations = 1, due_at = \(now + 45_000), dispatched_at = \(now),
              deadline_at = \(deadline)
            """, state: "queued")
    }

    private var insertAttempt: String {
        insert("attempt (task_id, number, lane_id, started_at, deadline_at, outcome, holds_slot)") { task in
            "\(task), 1, \(lane), \(now), \(deadline), 'submitting', 1"
        }
    }

    private var acceptTask: String {
        update("state = 'running', due_at = \(now), provider_job = \(job("id"))", state: "submitting")
    }

    private var acceptAttempt: String {
        """
        UPDATE attempt SET outcome = 'running', provider_job = \(job("task_id"))
        WHERE \(names("task_id")) AND number = 1
        """
    }

    private var completeTask: String { update("state = 'storing', due_at = \(now)", state: "running") }

    private var completeAttempt: String {
        """
        UPDATE attempt SET outcome = 'completed', ended_at = \(now), holds_slot = 0
        WHERE \(names("task_id")) AND number = 1
        """
    }

    private var storeTask: String {
        update("state = 'succeeded', finished_at = \(now), asset_id = \(asset("id"))", state: "storing")
    }

    private var insertAsset: String {
        insert("asset (id, organization_id, task_id, batch_id, blob_key, bytes, sha256, created_at)") { task in
            """
            \(asset(task)), \(organization), \(task), \(batch.id.quoted),
              '\(batch.organization)/\(batch.id)/' || \(task) || '-1.mp4', 100, \(PlainInsert.hash.quoted), \(now)
            """
        }
    }

    private func move(queued: Int = 0, running: Int, succeeded: Int = 0) -> String {
        """
        UPDATE batch SET status = 'processing', started_at = COALESCE(started_at, \(now)),
          queued = queued + (\(queued * tasksPerGroup)), running = running + (\(running * tasksPerGroup)),
          succeeded = succeeded + \(succeeded * tasksPerGroup),
          settle_due_at = CASE WHEN succeeded + \(succeeded * tasksPerGroup) > 0 THEN created_at END
        WHERE id = \(batch.id.quoted)
        """
    }

    private func slots(_ direction: Int) -> String {
        "UPDATE lane SET in_flight = in_flight + (\(direction * tasksPerGroup)) WHERE id = \(lane)"
    }

    private var takeShare: String {
        """
        INSERT INTO lane_share (organization_id, lane_id, in_flight, served_at)
        VALUES (\(organization), \(lane), \(tasksPerGroup), \(now)) ON CONFLICT (organization_id, lane_id)
        DO UPDATE SET in_flight = lane_share.in_flight + excluded.in_flight, served_at = excluded.served_at
        """
    }

    private var giveShareBack: String {
        """
        UPDATE lane_share SET in_flight = in_flight - \(tasksPerGroup)
        WHERE organization_id = \(organization) AND lane_id = \(lane)
        """
    }

    private func update(_ columns: String, state: String) -> String {
        "UPDATE task SET \(columns) WHERE \(names("id")) AND state = '\(state)'"
    }

    private func names(_ column: String) -> String {
        switch form {
        case .eachTask: "\(column) = $1"
        case .allTasks: "\(column) = ANY (CAST($1 AS TEXT[]))"
        }
    }

    private func insert(_ target: String, _ values: (_ task: String) -> String) -> String {
        switch form {
        case .eachTask: "INSERT INTO \(target) VALUES (\(values("$1")))"
        case .allTasks: "INSERT INTO \(target) SELECT \(values("key")) FROM unnest(CAST($1 AS TEXT[])) AS key"
        }
    }

    private func job(_ task: String) -> String { "'video_' || substr(\(task), 5)" }
    private func asset(_ task: String) -> String { "'ast_' || substr(\(task), 5)" }
}
