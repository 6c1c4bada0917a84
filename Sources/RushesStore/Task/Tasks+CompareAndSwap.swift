package import RushesCore
package import RushesDatabase

/// A column of a task that changes.
private struct TaskColumn: Sendable {
    let column: RowUpdate.Column
    let value: @Sendable (VideoTask) -> SQLValue

    init(_ name: String, _ type: RowUpdate.Column.Kind, _ value: @escaping @Sendable (VideoTask) -> SQLValue) {
        column = RowUpdate.Column(name, type)
        self.value = value
    }

    static let all = [
        TaskColumn("state", .text) { .text($0.state.rawValue) },
        TaskColumn("lane_id", .text) { .text($0.lane.rawValue) },
        TaskColumn("waiting_lane_id", .text) { .optional($0.waitingLane?.rawValue) },
        TaskColumn("attempt", .integer) { .int($0.attempt) },
        TaskColumn("generations", .integer) { .int($0.generations) },
        TaskColumn("blind_resubmissions", .integer) { .int($0.blindResubmissions) },
        TaskColumn("tries", .integer) { .int($0.tries) },
        TaskColumn("due_at", .integer) { .time($0.dueAt) },
        TaskColumn("dispatched_at", .integer) { .time($0.dispatchedAt) },
        TaskColumn("deadline_at", .integer) { .time($0.deadlineAt) },
        TaskColumn("provider_job", .text) { .optional($0.job?.rawValue) },
        TaskColumn("failure_type", .text) { .optional($0.failure?.type.rawValue) },
        TaskColumn("failure_message", .text) { .optional($0.failure?.message) },
        TaskColumn("failure_code", .text) { .optional($0.failure?.providerCode) },
        TaskColumn("finished_at", .integer) { .time($0.finishedAt) },
        TaskColumn("asset_id", .text) { .optional($0.asset?.rawValue) },
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
        let update = RowUpdate("task", set: columns.map(\.column), where: Self.fences)
        let changed = try updateMany(
            update,
            order.map { index in
                let step = steps[index]
                return columns.map { $0.value(step.after) } + [
                    .text(step.before.id.rawValue), .text(step.before.state.rawValue), .int(step.before.attempt),
                    step.leaseFence,
                ]
            })
        var won = Array(repeating: false, count: steps.count)
        for (index, changed) in zip(order, changed) { won[index] = changed }
        return won
    }

    private static var fences: [RowUpdate.Column] {
        [
            RowUpdate.Column("id", .text), RowUpdate.Column("state", .text), RowUpdate.Column("attempt", .integer),
            RowUpdate.Column("due_at", .integer, skipsNull: true),
        ]
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
        try enqueue(
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
