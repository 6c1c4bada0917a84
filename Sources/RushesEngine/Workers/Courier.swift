import RushesCore
import ServiceLifecycle

/// Sends webhooks that are due, and writes down what came of each attempt.
package struct Courier: Worker {
    package let name = "courier"
    private let engine: Engine
    private let dispatch: WebhookDispatch
    private let slots: Int

    /// A Courier of an engine, which sends so many messages in one step at most.
    package init(_ engine: Engine, _ tools: WebhookTools, slots: Int = Limits.webhooksPerNodeMax) {
        self.engine = engine
        dispatch = WebhookDispatch(engine, tools)
        self.slots = slots
    }

    /// One pass: everything that is due is sent, and waited for.
    package func step() async throws -> Int {
        let lost = try await dispatch.recordLost()
        let claimed = try await dispatch.claim(slots)
        let (dispatch, width) = (dispatch, min(engine.fanOutWidth, slots))
        try await FanOut(width: width, environment: engine.environment).run(claimed) { claimed in
            await dispatch.send(claimed)
        } flush: { outcomes in
            try await dispatch.record(outcomes)
        }
        return lost + claimed.count
    }
}

/// The Courier's loop in a running process: it sends on while slow receivers are waited for.
package struct CourierService: Service {
    private let engine: Engine
    private let dispatch: WebhookDispatch
    private static let pauseMilliseconds: Int64 = 100
    private static let errorPauseMilliseconds: Int64 = 1_000
    private static let flushMilliseconds: Int64 = 20
    private static let lostPauseMilliseconds: Int64 = 2_000

    /// The loop over an engine.
    package init(_ engine: Engine, _ tools: WebhookTools) {
        self.engine = engine
        dispatch = WebhookDispatch(engine, tools)
    }

    private enum Arrival: Sendable {
        case outcome(DeliveryOutcome)
        case tick
    }

    /// What the loop knows from one tick to the next.
    private struct Progress {
        var underWay = 0
        var outcomes: [DeliveryOutcome] = []
        var nextLookMilliseconds = Int64.min
        var failures: StepFailures
    }

    /// Runs until graceful shutdown; attempts under way are finished first, which takes no longer than their budget.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Arrival.self) { group in
            var progress = Progress(failures: StepFailures(of: "courier", engine.logger))
            addTick(Self.pauseMilliseconds, to: &group)
            while let arrival = try await group.next() {
                switch arrival {
                case .outcome(let outcome):
                    progress.underWay -= 1
                    progress.outcomes.append(outcome)
                case .tick:
                    guard let pause = await tick(&progress, &group) else { return }
                    addTick(pause, to: &group)
                }
            }
        }
    }

    /// Writes what has come, begins what is due; answers the milliseconds until the next tick, or nil at the end.
    private func tick(_ progress: inout Progress, _ group: inout ThrowingTaskGroup<Arrival, any Error>) async -> Int64?
    {
        let isLeaving = Task.isShuttingDownGracefully || Task.isCancelled
        do {
            try await record(&progress.outcomes)
            if isLeaving { return progress.underWay == 0 ? nil : Self.flushMilliseconds }
            try await lookForLost(&progress.nextLookMilliseconds)
            let begun = try await dispatch.claim(Limits.webhooksPerNodeMax - progress.underWay)
            for claimed in begun {
                group.addTask { [dispatch] in .outcome(await dispatch.send(claimed)) }
            }
            progress.underWay += begun.count
            progress.failures.end()
            return progress.underWay > 0 ? Self.flushMilliseconds : Self.pauseMilliseconds
        } catch {
            progress.failures.add(error)
            return Self.errorPauseMilliseconds
        }
    }

    private func addTick(_ milliseconds: Int64, to group: inout ThrowingTaskGroup<Arrival, any Error>) {
        let (wake, environment) = (engine.signals.courier, engine.environment)
        group.addTask {
            await wake.wait(milliseconds: milliseconds, environment)
            return .tick
        }
    }

    /// What cannot be written is counted as lost when its lease runs out.
    private func record(_ outcomes: inout [DeliveryOutcome]) async throws {
        if outcomes.isEmpty { return }
        let full = outcomes
        outcomes = []
        try await dispatch.record(full)
    }

    private func lookForLost(_ nextLookMilliseconds: inout Int64) async throws {
        let now = engine.environment.elapsedMilliseconds()
        guard now >= nextLookMilliseconds else { return }
        nextLookMilliseconds = now + Self.lostPauseMilliseconds
        _ = try await dispatch.recordLost()
    }
}
