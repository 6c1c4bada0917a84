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
        let tasks = try await engine.claimDueTasks(
            in: .running, limit: pollsMax, leaseMilliseconds: Self.leaseMilliseconds)
        try await FanOut(width: engine.fanOutWidth, environment: engine.environment).run(tasks) { task in
            await Self.poll(task, engine)
        } flush: { answers in
            try await commit(answers)
        }
        return tasks.count
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
        let now = engine.environment.now()
        let steps = try answers.map { task, outcome in
            report(task, outcome)
            var after = task
            let effect = try after.polled(outcome, at: now, jitterPermille: engine.jitterPermille())
            return TaskStep(before: task, after: after, effect: effect)
        }
        let waiting = steps.filter { $0.after.state == .running }
        let moving = steps.filter { $0.after.state != .running }
        try await engine.database.write { transaction in
            _ = try transaction.commit(moving, postponing: waiting, ids: engine.environment.ids)
        }
        if moving.contains(where: { $0.after.state == .storing }) { engine.signals.archiver.wake() }
        if !moving.isEmpty { engine.signals.dispatcher.wake() }
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

extension Engine {
    /// Takes tasks of one stage that are due, by moving their next look behind a lease; losers of a race are left out.
    func claimDueTasks(in state: VideoTask.State, limit: Int, leaseMilliseconds: Int64) async throws -> [VideoTask] {
        let isAnyDue = try await database.read { reader in try !reader.dueTasks(in: state, limit: 1).isEmpty }
        if !isAnyDue { return [] }
        return try await database.write { transaction in
            let steps = try transaction.dueTasks(in: state, limit: limit).map { task in
                TaskStep(
                    before: task, after: try task.leased(until: transaction.now.adding(milliseconds: leaseMilliseconds))
                )
            }
            let won = try transaction.postpone(steps)
            return zip(steps, won).filter(\.1).map(\.0.after)
        }
    }
}
