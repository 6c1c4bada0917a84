package import RushesCore
package import RushesDatabase

private let serviceLevelColumns = """
    model, month, delivered, within_target, timed_out, failed, from_dispatch, from_creation
    """

extension SQLRow {
    fileprivate func serviceLevel() throws(DatabaseError) -> ServiceLevel {
        ServiceLevel(
            model: try text(0), month: CalendarMonth(number: try int(1)), delivered: try int(2),
            withinTarget: try int(3), timedOut: try int(4), failed: try int(5), fromDispatch: try latencies(6),
            fromCreation: try latencies(7))
    }

    private func latencies(_ column: Int) throws(DatabaseError) -> LatencyCounts {
        guard let counts = LatencyCounts(try text(column)) else {
            throw DatabaseError(.decoding, "column \(column) holds no counts of latencies")
        }
        return counts
    }
}

extension SQLReading {
    /// How each model's promise was kept in a month, in the order of the models' names.
    package func serviceLevels(in month: CalendarMonth) throws(DatabaseError) -> [ServiceLevel] {
        try query(
            "SELECT \(serviceLevelColumns) FROM service_level WHERE month = $1 ORDER BY model", [.int(month.number)]
        ).map { row throws(DatabaseError) in try row.serviceLevel() }
    }
}

extension SQLTransaction {
    /// Counts tasks that have just ended, by the model of their locked batches. The rows of a model and month are the
    /// last lock of the order, and taken in one order by everybody.
    func count(_ tasks: [VideoTask], of batches: [BatchID: Batch]) throws(DatabaseError) {
        let ended = tasks.filter { $0.state.isTerminal }
        if ended.isEmpty { return }
        let month = CalendarMonth(containing: now)
        var counted: [String: ServiceLevel] = [:]
        for task in ended {
            guard let batch = batches[task.batch] else { continue }
            counted[batch.model, default: ServiceLevel(model: batch.model, month: month)]
                .count(task, slaSeconds: batch.slaSeconds)
        }
        for (_, level) in counted.sorted(by: { $0.key < $1.key }) where !level.isEmpty { try add(level) }
    }

    private func add(_ level: ServiceLevel) throws(DatabaseError) {
        guard var stored = try lockServiceLevel(level.model, level.month) else {
            try insert(ServiceLevel(model: level.model, month: level.month))
            return try add(level)
        }
        stored.add(level)
        try enqueue(
            """
            UPDATE service_level SET delivered = $1, within_target = $2, timed_out = $3, failed = $4,
              from_dispatch = $5, from_creation = $6 WHERE month = $7 AND model = $8
            """,
            [
                .int(stored.delivered), .int(stored.withinTarget), .int(stored.timedOut), .int(stored.failed),
                .text(stored.fromDispatch.text), .text(stored.fromCreation.text), .int(level.month.number),
                .text(level.model),
            ])
    }

    private func lockServiceLevel(
        _ model: String, _ month: CalendarMonth
    ) throws(DatabaseError) -> ServiceLevel? {
        try query(
            "SELECT \(serviceLevelColumns) FROM service_level WHERE month = $1 AND model = $2\(dialect.forUpdate)",
            [.int(month.number), .text(model)]
        ).first?.serviceLevel()
    }

    /// The first of a month; another node may have been faster.
    private func insert(_ level: ServiceLevel) throws(DatabaseError) {
        try execute(
            """
            INSERT INTO service_level (\(serviceLevelColumns)) VALUES ($1, $2, 0, 0, 0, 0, '', '')
            ON CONFLICT (month, model) DO NOTHING
            """, [.text(level.model), .int(level.month.number)])
    }
}
