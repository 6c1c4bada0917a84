package import RushesCore
package import RushesDatabase

private let attemptColumns = """
    task_id, number, lane_id, started_at, deadline_at, outcome, provider_job, ended_at, holds_slot, watch_at,
    fault_class, fault_message
    """

extension SQLRow {
    fileprivate func attempt() throws(DatabaseError) -> Attempt {
        Attempt(
            task: try id(0, TaskIdentity.self), number: try int(1), lane: LaneID(try text(2)), startedAt: try time(3),
            deadlineAt: try time(4), outcome: try value(5, Attempt.Outcome.self),
            job: try optionalText(6).map(ProviderJobID.init), endedAt: try optionalTime(7),
            holdsSlot: try integer(8) == 1,
            watchAt: try optionalTime(9), faultClass: try optionalText(10).flatMap(ProviderFault.Class.init(rawValue:)),
            faultMessage: try optionalText(11))
    }
}

extension SQLReading {
    /// The attempts of a task, first to last.
    package func attempts(of task: TaskID) throws(DatabaseError) -> [Attempt] {
        try query("SELECT \(attemptColumns) FROM attempt WHERE task_id = $1 ORDER BY number", [.text(task.rawValue)])
            .map { row throws(DatabaseError) in try row.attempt() }
    }

    /// One attempt of a task.
    package func attempt(_ number: Int, of task: TaskID) throws(DatabaseError) -> Attempt? {
        try query(
            "SELECT \(attemptColumns) FROM attempt WHERE task_id = $1 AND number = $2",
            [.text(task.rawValue), .int(number)]
        ).first?.attempt()
    }

    /// Abandoned attempts whose job is to be looked at now.
    package func watchedAttempts(limit: Int) throws(DatabaseError) -> [Attempt] {
        try query(
            """
            SELECT \(attemptColumns) FROM attempt WHERE watch_at IS NOT NULL AND watch_at <= $1
            ORDER BY watch_at LIMIT $2
            """, [.time(now), .int(limit)]
        ).map { row throws(DatabaseError) in try row.attempt() }
    }

    /// The jobs among these that an attempt of the lane owns already, with the owner.
    package func owners(
        of jobs: [ProviderJobID], in lane: LaneID
    ) throws(DatabaseError) -> [ProviderJobID: (task: TaskID, number: Int)] {
        if jobs.isEmpty { return [:] }
        let list = SQLList(jobs.map(\.rawValue), from: 2)
        let rows = try query(
            """
            SELECT provider_job, task_id, number FROM attempt WHERE lane_id = $1 AND provider_job IN (\(list.places))
            """, [.text(lane.rawValue)] + list.values)
        var owners: [ProviderJobID: (task: TaskID, number: Int)] = [:]
        for row in rows {
            owners[ProviderJobID(try row.text(0))] = (try row.id(1, TaskIdentity.self), try row.int(2))
        }
        return owners
    }
}

extension SQLTransaction {
    /// Adds attempts before their calls are made, with what the provider asks for each.
    func insert(_ attempts: [Attempt], at price: GenerationPrice?) throws(DatabaseError) {
        if attempts.isEmpty { return }
        try bulkInsert(
            "attempt",
            [
                "task_id", "number", "lane_id", "started_at", "deadline_at", "outcome", "holds_slot", "cost_micros",
                "is_billed_on_failure",
            ],
            attempts.map { attempt in
                [
                    .text(attempt.task.rawValue), .int(attempt.number), .text(attempt.lane.rawValue),
                    .time(attempt.startedAt), .time(attempt.deadlineAt), .text(attempt.outcome.rawValue),
                    .flag(attempt.holdsSlot), .optional(price?.amount.micros), .flag(price?.isBilledOnFailure ?? false),
                ]
            })
    }

    /// Writes what steps mean for their attempts; answers for each whether the attempt still held its slot.
    func update(_ changes: [(task: TaskID, number: Int, change: AttemptChange)]) throws(DatabaseError) -> [Bool] {
        if changes.isEmpty { return [] }
        let columns = AttemptColumn.all.filter { column in changes.contains { column.value($0.change) != .null } }
        // In the order of their tasks, which the transaction has locked in this order.
        let order = changes.indices.sorted { (changes[$0].task, $0) < (changes[$1].task, $1) }
        let rows = order.map { index -> [SQLValue] in
            let (task, number, change) = changes[index]
            return columns.map { $0.value(change) } + [.text(task.rawValue), .int(number)]
        }
        let update = RowUpdate(
            "attempt", set: columns.map(\.column),
            where: [RowUpdate.Column("task_id", .text), RowUpdate.Column("number", .integer)],
            and: "holds_slot = 1 AND outcome <> 'abandoned'")
        var held = Array(repeating: false, count: changes.count)
        for (index, changed) in zip(order, try updateMany(update, rows)) { held[index] = changed }
        return held
    }

    /// Writes a look at an abandoned attempt, if nobody else looked meanwhile.
    func updateWatched(_ attempt: Attempt, _ change: AttemptChange) throws(DatabaseError) -> Bool {
        try execute(
            """
            UPDATE attempt SET outcome = $1, provider_job = COALESCE($2, provider_job), ended_at = $3, holds_slot = $4,
              watch_at = $5, fault_class = COALESCE($6, fault_class), fault_message = COALESCE($7, fault_message)
            WHERE task_id = $8 AND number = $9 AND watch_at = $10
            """,
            change.values + [.text(attempt.task.rawValue), .int(attempt.number), .time(attempt.watchAt)]) == 1
    }
}

/// A column of an attempt that a step may set; NULL stands for one that stays as it is. An attempt that holds its slot
/// and is not abandoned has no end and is not watched, so that nothing is ever to be taken back.
private struct AttemptColumn: Sendable {
    let column: RowUpdate.Column
    let value: @Sendable (AttemptChange) -> SQLValue

    init(_ name: String, _ type: RowUpdate.Column.Kind, _ value: @escaping @Sendable (AttemptChange) -> SQLValue) {
        column = RowUpdate.Column(name, type, skipsNull: true)
        self.value = value
    }

    static let all = [
        AttemptColumn("outcome", .text) { .text($0.outcome.rawValue) },
        AttemptColumn("provider_job", .text) { .optional($0.job?.rawValue) },
        AttemptColumn("ended_at", .integer) { .time($0.endedAt) },
        AttemptColumn("holds_slot", .integer) { $0.holdsSlot ? .null : 0 },
        AttemptColumn("watch_at", .integer) { .time($0.watchAt) },
        AttemptColumn("fault_class", .text) { .optional($0.fault?.class.rawValue) },
        AttemptColumn("fault_message", .text) { .optional($0.faultMessage) },
    ]
}

extension AttemptChange {
    fileprivate var faultMessage: String? { fault.map { String($0.message.prefix(500)) } }

    fileprivate var values: [SQLValue] {
        [
            .text(outcome.rawValue), .optional(job?.rawValue), .time(endedAt), .flag(holdsSlot), .time(watchAt),
            .optional(fault?.class.rawValue), .optional(faultMessage),
        ]
    }
}
