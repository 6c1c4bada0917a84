package import RushesCore
package import RushesDatabase

extension SQLTransaction {
    /// Notes which tasks of locked batches have ended, by their numbers in the order of their ends: a row for each
    /// batch, however many there are, so that the events of a posting can tell of exactly what was posted.
    ///
    /// - Parameter ended: the tasks, and how many of their batch had ended before.
    func insert(ends: [(batch: BatchID, before: Int, tasks: [TaskID])]) throws(DatabaseError) {
        if ends.isEmpty { return }
        try bulkInsert(
            "task_end", ["batch_id", "first", "last", "tasks"],
            ends.map { end in
                [
                    .text(end.batch.rawValue), .int(end.before + 1), .int(end.before + end.tasks.count),
                    .text(end.tasks.map(\.rawValue).joined(separator: " ")),
                ]
            })
    }
}

extension SQLReading {
    /// The tasks of a batch that ended as the first to the last of some numbers, in the order of their ends.
    package func tasksEnded(
        of batch: BatchID, _ numbers: ClosedRange<Int>
    ) throws(DatabaseError) -> [EventTask] {
        // The row that holds the first number may begin before it; no row is longer than one flush of a worker.
        let rows = try query(
            """
            SELECT first, tasks FROM task_end WHERE batch_id = $1 AND first <= $2
              AND first >= (SELECT COALESCE(MAX(first), 0) FROM task_end WHERE batch_id = $3 AND first <= $4)
            ORDER BY first
            """,
            [
                .text(batch.rawValue), .int(numbers.upperBound), .text(batch.rawValue), .int(numbers.lowerBound),
            ])
        var ids: [TaskID] = []
        for row in rows {
            let first = try row.int(0)
            for (offset, text) in try row.text(1).split(separator: " ").enumerated()
            where numbers.contains(first + offset) {
                ids.append(TaskID(trusted: String(text)))
            }
        }
        let found = try eventTasks(ids)
        return ids.compactMap { found[$0] }
    }

    /// Ended tasks by their ids, as events tell of them.
    func eventTasks(_ ids: [TaskID]) throws(DatabaseError) -> [TaskID: EventTask] {
        if ids.isEmpty { return [:] }
        let list = SQLList(ids.map(\.rawValue))
        var found: [TaskID: EventTask] = [:]
        for row in try query(
            "SELECT id, custom_id, asset_id, failure_type FROM task WHERE id IN (\(list.places))", list.values)
        {
            let id = try row.id(0, TaskIdentity.self)
            found[id] = EventTask(
                id: id, customID: try row.text(1), asset: try row.optionalText(2).map(AssetID.init(trusted:)),
                failure: try row.optionalValue(3, FailureType.self))
        }
        return found
    }
}
