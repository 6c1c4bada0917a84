import Logging
import RushesCore
import RushesDatabase
import RushesStore

/// Asks providers how running jobs stand, at the times that `PollSchedule` gives, and once more at the deadline.
package struct Poller: Worker {
    package let name = "poller"
    private let engine: Engine
    private let pollsMax: Int
    private static let leaseMilliseconds: Int64 = 30_000

    /// A Poller that asks about at most `pollsMax` jobs in one step.
    package init(_ engine: Engine, pollsMax: Int = Limits.tasksPerPollStepMax) {
        self.engine = engine
        self.pollsMax = pollsMax
    }

    package func step() async throws -> Int {
        let engine = engine
        let due = try await engine.claimDueTasks(
            in: .running, limit: pollsMax, leaseMilliseconds: Self.leaseMilliseconds)
        try await FanOut(width: engine.fanOutWidth, environment: engine.environment).run(due.tasks) { task in
            // A look whose lease is over is somebody else's.
            due.lease.leftMilliseconds > 0 ? await Self.poll(task, engine) : nil
        } flush: { answers in
            try await commit(answers.compactMap(\.self))
        }
        return due.tasks.count
    }

    private static func poll(_ task: VideoTask, _ engine: Engine) async -> (VideoTask, PollOutcome) {
        guard let job = task.job, let provider = engine.providers.provider(for: task.lane) else {
            let fault = ProviderFault(.unknown, message: "no account for lane \(task.lane)")
            return (task, .unavailable(fault))
        }
        return (task, await provider.poll(job))
    }

    private func commit(_ answers: [(VideoTask, PollOutcome)]) async throws {
        let engine = engine
        for (task, outcome) in answers { report(task, outcome) }
        let jitters = answers.map { _ in engine.jitterPermille() }
        let ids = engine.environment.ids
        let tallies = answers.reduce(into: [String: PollTally]()) { tallies, answer in
            tallies[answer.0.lane.provider, default: PollTally()].add(answer.1)
        }
        let (states, committed) = try await engine.database.writeByKey { transaction in
            let schedules = try transaction.pollSchedules()
            var failover = Failover(engine, transaction)
            let steps = try zip(answers, jitters).map { answer, jitter in
                try answer.0.step(
                    answer.1, schedules[answer.0.lane] ?? PollSchedule(), orOn: try failover.lane(for: answer),
                    at: transaction.now, jitterPermille: jitter)
            }
            let waiting = steps.filter { $0.after.state == .running }
            let moving = steps.filter { $0.after.state != .running }
            let committed = try transaction.commit(moving, postponing: waiting, polls: tallies, ids: ids)
            return (Set(moving.map(\.after.state)), committed)
        }
        engine.measure(committed)
        if states.contains(.storing) { engine.signals.archiver.wake() }
        if !states.isEmpty { engine.signals.dispatcher.wake() }
    }

    private func report(_ task: VideoTask, _ outcome: PollOutcome) {
        switch outcome {
        case .running(_, let unfamiliar?):
            engine.logger.warning(
                "provider used an unknown status", metadata: ["task.id": "\(task.id)", "status": "\(unfamiliar)"])
        case .unavailable(let fault), .lost(let fault):
            engine.logger.notice(
                "poll failed",
                metadata: ["task.id": "\(task.id)", "fault": "\(fault.class.rawValue): \(fault.message)"])
        case .running, .completed, .failed: break
        }
    }
}

extension VideoTask {
    fileprivate func step(
        _ outcome: PollOutcome, _ schedule: PollSchedule, orOn other: LaneID?, at now: Timestamp, jitterPermille: Int64
    ) throws -> TaskStep {
        var after = self
        let effect = try after.polled(
            outcome, schedule: schedule, orOn: other, at: now, jitterPermille: jitterPermille)
        return TaskStep(before: self, after: after, effect: effect, refusal: effect.laneFault)
    }
}

extension Engine {
    /// Takes tasks of one stage that are due, by moving their next look behind a lease; what another worker takes is
    /// left out.
    func claimDueTasks(in state: VideoTask.State, limit: Int, leaseMilliseconds: Int64) async throws -> LeasedTasks {
        let isAnyDue = try await database.read { reader in try reader.isAnyDue(in: state) }
        let lease = Lease(milliseconds: leaseMilliseconds, environment)
        if !isAnyDue { return LeasedTasks(tasks: [], lease: lease) }
        let tasks = try await database.write { transaction in
            let until = transaction.now.adding(milliseconds: leaseMilliseconds)
            return try transaction.lease(dueIn: state, until: until, limit: limit)
        }
        return LeasedTasks(tasks: tasks, lease: lease)
    }
}
