import RushesCore

/// The row writes of one task by plain SQL: the rows that `TaskSteps.swift` writes, with only the columns that change.
struct PlainTaskWrites {
    private let claimTask: PlainStatement
    private let insertAttempt: PlainStatement
    private let acceptTask: PlainStatement
    private let acceptAttempt: PlainStatement
    private let leaseTask: PlainStatement
    private let completeTask: PlainStatement
    private let completeAttempt: PlainStatement
    private let storeTask: PlainStatement
    private let insertAsset: PlainStatement

    init(_ database: PlainSQLite) throws {
        claimTask = try database.prepare(
            """
            UPDATE task SET state = 'submitting', attempt = 1, generations = 1, due_at = ?, dispatched_at = ?,
              deadline_at = ? WHERE id = ? AND state = 'queued' AND attempt = 0
            """)
        insertAttempt = try database.prepare(
            """
            INSERT INTO attempt (task_id, number, lane_id, started_at, deadline_at, outcome, holds_slot)
            VALUES (?, 1, ?, ?, ?, 'submitting', 1)
            """)
        acceptTask = try database.prepare(
            """
            UPDATE task SET state = 'running', due_at = ?, provider_job = ?
            WHERE id = ? AND state = 'submitting' AND attempt = 1
            """)
        acceptAttempt = try database.prepare(
            "UPDATE attempt SET outcome = 'running', provider_job = ? WHERE task_id = ? AND number = 1")
        leaseTask = try database.prepare("UPDATE task SET due_at = ? WHERE id = ? AND attempt = 1")
        completeTask = try database.prepare(
            "UPDATE task SET state = 'storing', due_at = ? WHERE id = ? AND state = 'running' AND attempt = 1")
        completeAttempt = try database.prepare(
            """
            UPDATE attempt SET outcome = 'completed', ended_at = ?, holds_slot = 0 WHERE task_id = ? AND number = 1
            """)
        storeTask = try database.prepare(
            """
            UPDATE task SET state = 'succeeded', finished_at = ?, asset_id = ?
            WHERE id = ? AND state = 'storing' AND attempt = 1
            """)
        insertAsset = try database.prepare(
            """
            INSERT INTO asset (id, organization_id, task_id, batch_id, blob_key, bytes, sha256, created_at)
            VALUES (?, ?, ?, ?, ?, 100, ?, ?)
            """)
    }

    func claim(_ task: String, _ batch: PlainBatch, at now: Int64) throws {
        try claimTask.run(now + 45_000, now, now + 120_000, task)
        try insertAttempt.run(task, batch.lane, now, now + 120_000)
    }

    func accept(_ task: String, at now: Int64) throws {
        let job = BenchProvider.job(task)
        try acceptTask.run(now, job, task)
        try acceptAttempt.run(job, task)
    }

    func lease(_ task: String, until moment: Int64) throws {
        try leaseTask.run(moment, task)
    }

    func complete(_ task: String, at now: Int64) throws {
        try completeTask.run(now, task)
        try completeAttempt.run(now, task)
    }

    func store(_ task: String, _ batch: PlainBatch, at now: Int64) throws {
        let asset = "ast_" + task.dropFirst(4)
        try storeTask.run(now, asset, task)
        try insertAsset.run(
            asset, batch.organization, task, batch.id, "\(batch.organization)/\(batch.id)/\(task)-1.mp4",
            PlainFreeze.hash, now)
    }
}
