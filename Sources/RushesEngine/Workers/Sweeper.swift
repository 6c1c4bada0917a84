import RushesCore
import RushesDatabase
import RushesStore

/// Ends tasks that nothing else ends: cancelled, expired, on a lane whose provider is gone, or past their deadline.
package struct Sweeper: Worker {
    package let name = "sweeper"
    let engine: Engine
    static let batchesPerStep = 8

    /// A Sweeper of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        try await alignLanes()
        var ended = 0
        ended += try await endQueued(as: .cancelled) { reader in try reader.cancelledBatches(limit: Self.batchesPerStep)
        }
        ended += try await endQueued(as: .expired) { reader in try reader.batchesPastWindow(limit: Self.batchesPerStep)
        }
        try await leaveStandingLanes()
        ended += try await leaveStandingLanesApart()
        ended += try await endQueued(as: .providerUnavailable) { reader in
            try reader.batchesOnGoneLanes(limit: Self.batchesPerStep)
        }
        for state in [VideoTask.State.queued, .submitting, .running, .storing] {
            ended += try await endOverdue(in: state)
        }
        if ended > 0 { engine.signals.settler.wake() }
        return ended
    }

    /// A version of the price book that has taken force by its date brings limits and costs of lanes with it.
    private func alignLanes() async throws {
        let engine = engine
        let isBehind = try await engine.database.read { reader in
            guard try reader.isPriceBookInForceByDate() else { return false }
            return try reader.hasLanesToAlign(with: try engine.catalogues.current(reader))
        }
        guard isBehind else { return }
        try await engine.database.write { transaction in
            try transaction.align(try engine.catalogues.current(transaction))
        }
        engine.signals.dispatcher.wake()
    }

    private func endQueued(
        as type: FailureType, batches: @escaping @Sendable (any SQLReading) throws -> [BatchID]
    ) async throws -> Int {
        let engine = engine
        var ended = 0
        for batch in try await engine.database.read(batches) {
            let committed = try await engine.database.write { transaction throws -> CommittedSteps? in
                if type == .providerUnavailable, try engine.sendElsewhere(batch, in: transaction) { return nil }
                // A task whose deadline runs belongs to the deadline, not to the window.
                let tasks = try transaction.queuedTasks(
                    of: batch, neverDispatched: type == .expired, limit: Limits.tasksPerSweepMax)
                let steps = try tasks.map { task in
                    var after = task
                    try after.fail(Failure(type), at: transaction.now)
                    return TaskStep(before: task, after: after)
                }
                return try transaction.commit(steps, ids: engine.environment.ids)
            }
            guard let committed else { continue }
            engine.measure(committed)
            ended += committed.ended.count
        }
        return ended
    }

    private func endOverdue(in state: VideoTask.State) async throws -> Int {
        let engine = engine
        let grace = VideoTask.overdueGraceMilliseconds(state)
        let isAnyOverdue = try await engine.database.read { reader in
            try !reader.overdueTasks(in: state, deadlineBefore: reader.now.adding(milliseconds: -grace), limit: 1)
                .isEmpty
        }
        if !isAnyOverdue { return 0 }
        let committed = try await engine.database.write { transaction in
            let tasks = try transaction.overdueTasks(
                in: state, deadlineBefore: transaction.now.adding(milliseconds: -grace), limit: Limits.tasksPerSweepMax)
            let steps = try tasks.map { task in
                var after = task
                let effect = try after.overdue(at: transaction.now)
                return TaskStep(before: task, after: after, effect: effect)
            }
            return try transaction.commit(steps, ids: engine.environment.ids)
        }
        engine.measure(committed)
        return committed.ended.count
    }
}
