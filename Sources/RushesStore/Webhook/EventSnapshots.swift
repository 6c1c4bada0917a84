package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Events with everything that is told of them.
    package func snapshots(
        of events: [PostedEvent], in organization: OrganizationID
    ) throws(DatabaseError) -> [EventSnapshot] {
        let tasks = try eventTasks(events.compactMap(\.event.task))
        let batches = try batches(Set(events.compactMap(\.event.batch)), of: organization)
        return try events.map { posted throws(DatabaseError) in
            try snapshot(of: posted, batch: posted.event.batch.flatMap { batches[$0] }, tasks: tasks)
        }
    }

    private func snapshot(
        of posted: PostedEvent, batch: Batch?, tasks: [TaskID: EventTask]
    ) throws(DatabaseError) -> EventSnapshot {
        let event = posted.event
        let type = EventType(rawValue: event.type)
        var told: EventBatch?
        if let batch {
            let isEnding = type?.isBatchEnding ?? false
            told = EventBatch(batch, transactions: isEnding ? try transactions(of: batch) : nil)
        }
        var results: [EventTask] = []
        if type == .tasksSettled, let batch, batch.tasksRemovedAt == nil, let numbers = event.endNumbers {
            results = try tasksEnded(of: batch.id, numbers)
        }
        return EventSnapshot(
            id: posted.id, sequence: posted.sequence, type: event.type, createdAt: posted.createdAt, batch: told,
            task: event.task.flatMap { tasks[$0] }, data: event.data, results: results)
    }

    /// The newest ledger transactions of a batch, oldest first.
    private func transactions(of batch: Batch) throws(DatabaseError) -> [LedgerTransactionID] {
        try query(
            """
            SELECT id FROM ledger_transaction WHERE organization_id = $1 AND batch_id = $2 ORDER BY seq DESC LIMIT $3
            """,
            [.text(batch.organization.rawValue), .text(batch.id.rawValue), .int(Limits.transactionsPerEventMax)]
        ).map { row throws(DatabaseError) in try row.id(0, LedgerTransactionIdentity.self) }.reversed()
    }
}

extension Event {
    /// The numbers of the ends that a `tasks.settled` tells of.
    fileprivate var endNumbers: ClosedRange<Int>? {
        guard let first = data["first_end"].flatMap(Int.init), let last = data["last_end"].flatMap(Int.init),
            first <= last
        else { return nil }
        return first...last
    }
}
