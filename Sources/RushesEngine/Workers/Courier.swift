import Logging
import Metrics
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
    private let logger: Logger
    private let failures = Counter(
        label: "rushes_worker_step_failures_total", dimensions: [("worker", "courier")])
    private static let pauseMilliseconds: Int64 = 100
    private static let errorPauseMilliseconds: Int64 = 1_000
    private static let flushMilliseconds: Int64 = 20
    private static let lostPauseMilliseconds: Int64 = 2_000

    /// The loop over an engine.
    package init(_ engine: Engine, _ tools: WebhookTools) {
        self.engine = engine
        dispatch = WebhookDispatch(engine, tools)
        logger = engine.logger
    }

    private enum Arrival: Sendable {
        case outcome(DeliveryOutcome)
        case tick
    }

    /// Runs until graceful shutdown; attempts under way are finished first, which takes no longer than their budget.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Arrival.self) { group in
            var underWay = 0
            var outcomes: [DeliveryOutcome] = []
            var lookedForLostAt = Int64.min / 2
            addTick(Self.pauseMilliseconds, to: &group)
            while let arrival = try await group.next() {
                switch arrival {
                case .outcome(let outcome):
                    underWay -= 1
                    outcomes.append(outcome)
                    if outcomes.count < Limits.outcomesPerFlushMax { continue }
                    await flush(&outcomes)
                case .tick:
                    let isLeaving = Task.isShuttingDownGracefully || Task.isCancelled
                    await flush(&outcomes)
                    if isLeaving && underWay == 0 { return }
                    let now = engine.environment.elapsedMilliseconds()
                    if now - Self.lostPauseMilliseconds >= lookedForLostAt {
                        lookedForLostAt = now
                        await lookForLost()
                    }
                    let begun = isLeaving ? [] : await claim(Limits.webhooksPerNodeMax - underWay)
                    for claimed in begun ?? [] {
                        let dispatch = dispatch
                        group.addTask { .outcome(await dispatch.send(claimed)) }
                    }
                    underWay += begun?.count ?? 0
                    let isBusy = underWay > 0 || !(begun ?? []).isEmpty
                    let pause = begun == nil ? Self.errorPauseMilliseconds : Self.pauseMilliseconds
                    addTick(isBusy && begun != nil ? Self.flushMilliseconds : pause, to: &group)
                }
            }
        }
    }

    private func addTick(_ milliseconds: Int64, to group: inout ThrowingTaskGroup<Arrival, any Error>) {
        let (wake, environment) = (engine.signals.courier, engine.environment)
        group.addTask {
            await wake.wait(milliseconds: milliseconds, environment)
            return .tick
        }
    }

    /// Nil when the database is away: the next look is then later.
    private func claim(_ slots: Int) async -> [ClaimedDelivery]? {
        do {
            return try await dispatch.claim(slots)
        } catch {
            complain(error)
            return nil
        }
    }

    private func lookForLost() async {
        do {
            _ = try await dispatch.recordLost()
        } catch {
            complain(error)
        }
    }

    /// What cannot be written is counted as lost when its lease runs out.
    private func flush(_ outcomes: inout [DeliveryOutcome]) async {
        if outcomes.isEmpty { return }
        let full = outcomes
        outcomes = []
        do {
            try await dispatch.record(full)
        } catch {
            complain(error)
        }
    }

    private func complain(_ error: any Error) {
        failures.increment()
        logger.error("worker step failed", metadata: ["worker": "courier", "error": "\(error)"])
    }
}
