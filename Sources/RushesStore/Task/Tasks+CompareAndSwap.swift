package import RushesCore
package import RushesDatabase

/// A column of a task that changes.
private struct TaskColumn: Sendable {
    let name: String
    let value: @Sendable (VideoTask) -> SQLValue

    static let all = [
        TaskColumn(name: "state") { .text($0.state.rawValue) },
        TaskColumn(name: "attempt") { .int($0.attempt) },
        TaskColumn(name: "generations") { .int($0.generations) },
        TaskColumn(name: "blind_resubmissions") { .int($0.blindResubmissions) },
        TaskColumn(name: "tries") { .int($0.tries) },
        TaskColumn(name: "due_at") { .time($0.dueAt) },
        TaskColumn(name: "dispatched_at") { .time($0.dispatchedAt) },
        TaskColumn(name: "deadline_at") { .time($0.deadlineAt) },
        TaskColumn(name: "provider_job") { .optional($0.job?.rawValue) },
        TaskColumn(name: "failure_type") { .optional($0.failure?.type.rawValue) },
        TaskColumn(name: "failure_message") { .optional($0.failure?.message) },
        TaskColumn(name: "failure_code") { .optional($0.failure?.providerCode) },
        TaskColumn(name: "finished_at") { .time($0.finishedAt) },
        TaskColumn(name: "asset_id") { .optional($0.asset?.rawValue) },
    ]

    /// The columns that at least one of the steps changes; one at least, so that there is a statement.
    static func changed(by steps: [TaskStep]) -> [TaskColumn] {
        let changed = all.filter { column in steps.contains { column.value($0.before) != column.value($0.after) } }
        return changed.isEmpty ? [all[0]] : changed
    }
}

extension SQLTransaction {
    /// Writes tasks by compare-and-swap on state, attempt and lease; answers for each whether it won.
    ///
    /// One statement for all of them, which names only the columns that some of them change: an index of a column that
    /// is not named stays untouched. In the order of the ids, so that two transactions never wait in a circle.
    func compareAndSwap(_ steps: [TaskStep]) throws(DatabaseError) -> [Bool] {
        if steps.isEmpty { return [] }
        let columns = TaskColumn.changed(by: steps)
        let order = steps.indices.sorted { (steps[$0].before.id, $0) < (steps[$1].before.id, $1) }
        let count = columns.count
        let changed = try executeMany(
            """
            UPDATE task SET \(columns.enumerated().map { "\($1.name) = $\($0 + 1)" }.joined(separator: ", "))
            WHERE id = $\(count + 1) AND state = $\(count + 2) AND attempt = $\(count + 3)
              AND due_at = COALESCE($\(count + 4), due_at)
            """,
            order.map { index in
                let step = steps[index]
                return columns.map { $0.value(step.after) } + [
                    .text(step.before.id.rawValue), .text(step.before.state.rawValue), .int(step.before.attempt),
                    step.leaseFence,
                ]
            })
        var won = Array(repeating: false, count: steps.count)
        for (index, changed) in zip(order, changed) { won[index] = changed == 1 }
        return won
    }

    /// Takes tasks of one stage that are due, longest due first, by moving their next look behind a lease; what another
    /// worker is just taking is passed by.
    ///
    /// - Returns: the tasks as they are then.
    /// - Throws: `DatabaseError`, or an illegal transition, which is a defect.
    package func lease(dueIn state: VideoTask.State, until moment: Timestamp, limit: Int) throws -> [VideoTask] {
        let rows = try query(
            """
            SELECT \(taskColumns) FROM task WHERE state = '\(state.rawValue)' AND due_at <= $1
            ORDER BY due_at LIMIT $2\(dialect.forUpdateSkippingLocked)
            """, [.time(now), .int(limit)])
        if rows.isEmpty { return [] }
        // Nobody else can move them any more, so that nothing has to be compared.
        let tasks = try rows.map { try $0.task() }
        let list = SQLList(tasks.map(\.id.rawValue), from: 3)
        try execute(
            "UPDATE task SET due_at = $1, tries = tries + $2 WHERE id IN (\(list.places))",
            [.time(moment), .int(VideoTask.triesOfLease(in: state))] + list.values)
        return try tasks.map { try $0.leased(until: moment) }
    }
}

extension TaskStep {
    /// The lease that the row must still show; NULL where the attempt alone is asked for.
    fileprivate var leaseFence: SQLValue {
        switch fence {
        case .attempt: .null
        case .lease: .time(before.dueAt)
        }
    }
}
