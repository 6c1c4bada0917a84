import RushesCore

/// The row writes of claim, submit, poll, store and finish by plain SQL in groups of 100: what the workers are measured
/// against. It knows each task's fate, so it decides and reads nothing but the claim; settlement is left out.
struct PlainPath {
    static let tasksPerGroup = 100
    private static let groupsPerCheckpoint = 10

    /// How a group's writes are committed.
    enum Commits {
        /// Once for each of the six stages, as a program must that calls a provider between them.
        case perStage
        /// Once for the whole group: nothing that talks to a provider can do it, but nothing is faster.
        case perGroup
    }

    private let database: PlainSQLite
    private let commits: Commits
    private let ready: PlainStatement
    private let writes: PlainTaskWrites
    private let batch: PlainStatement
    private let lane: PlainStatement

    init(_ database: PlainSQLite, _ commits: Commits) throws {
        self.database = database
        self.commits = commits
        writes = try PlainTaskWrites(database)
        ready = try database.prepare(
            "SELECT id FROM task WHERE batch_id = ? AND state = 'queued' AND due_at <= ? ORDER BY due_at, place LIMIT ?"
        )
        batch = try database.prepare(
            """
            UPDATE batch SET status = 'processing', queued = queued - ?, running = running + ? - ?,
              succeeded = succeeded + ?, settle_due_at = CASE WHEN succeeded + ? > 0 THEN created_at END WHERE id = ?
            """)
        lane = try database.prepare("UPDATE lane SET in_flight = in_flight + ? WHERE id = ?")
    }

    /// Runs all tasks of an inserted batch to `succeeded`.
    func run(_ values: PlainBatch) throws {
        let now = values.createdAt + 1_000
        for group in 0..<(values.tasks.count / Self.tasksPerGroup) {
            var tasks: [String] = []
            try stages {
                tasks = try ready.texts(values.id, now, Self.tasksPerGroup)
                for task in tasks { try writes.claim(task, values, at: now) }
                try batch.run(tasks.count, tasks.count, 0, 0, 0, values.id)
                try lane.run(tasks.count, values.lane)
            } _: {
                for task in tasks { try writes.accept(task, at: now) }
                try lane.run(0, values.lane)
            } _: {
                for task in tasks { try writes.lease(task, until: now + 30_000) }
            } _: {
                for task in tasks { try writes.complete(task, at: now) }
                try lane.run(-tasks.count, values.lane)
            } _: {
                for task in tasks { try writes.lease(task, until: now + 60_000) }
            } _: {
                for task in tasks { try writes.store(task, values, at: now) }
                try batch.run(0, 0, tasks.count, tasks.count, tasks.count, values.id)
            }
            if group % Self.groupsPerCheckpoint == 0 { try database.checkpoint() }
        }
    }

    private func stages(_ stages: (() throws -> Void)...) throws {
        switch commits {
        case .perStage:
            for stage in stages { try database.transaction(stage) }
        case .perGroup:
            try database.transaction { for stage in stages { try stage() } }
        }
    }
}
