package import Logging
import Metrics
import RushesCore
import ServiceLifecycle

/// A loop over due work: `step()` is one bounded pass of it, and all state lives in the database.
///
/// Production loops `step()`; tests and the simulator call it by hand.
package protocol Worker: Sendable {
    /// The worker's name in logs and metrics.
    var name: String { get }

    /// Does what is due, at most a bounded number of items; answers how many it moved, 0 when nothing was due.
    ///
    /// - Throws: `DatabaseError`; what the step had not committed is due again later.
    func step() async throws -> Int
}

/// Loops one worker until the process shuts down: at once while there is work, unless it gathers its work, else after a
/// wake-up or a pause.
package struct WorkerService: Service {
    private let worker: any Worker
    private let wake: WakeSignal
    private let environment: Environment
    private let logger: Logger
    private let items: Counter
    private let gatheringMilliseconds: Int64
    private let pauseMilliseconds: Int64
    private static let errorPauseMilliseconds: Int64 = 1_000

    /// The loop of a worker.
    ///
    /// - Parameters:
    ///   - gatheringMilliseconds: what it waits after each step that had work, so that the next one finds more.
    ///   - pauseMilliseconds: what it waits after a step that had none.
    package init(
        _ worker: any Worker, wake: WakeSignal, environment: Environment, logger: Logger,
        gatheringMilliseconds: Int64 = 0, pauseMilliseconds: Int64 = 250
    ) {
        self.pauseMilliseconds = pauseMilliseconds
        self.gatheringMilliseconds = gatheringMilliseconds
        self.worker = worker
        self.wake = wake
        self.environment = environment
        self.logger = logger
        items = Counter(label: "rushes_worker_items_total", dimensions: [("worker", worker.name)])
    }

    /// Runs until graceful shutdown; a step that has begun is finished first.
    package func run() async throws {
        var failures = StepFailures(of: worker.name, logger)
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            do {
                let moved = try await worker.step()
                items.increment(by: moved)
                failures.end()
                let milliseconds = moved == 0 ? pauseMilliseconds : gatheringMilliseconds
                if milliseconds > 0 { await pause(milliseconds) }
            } catch is CancellationError {
                return
            } catch {
                failures.add(error)
                await pause(Self.errorPauseMilliseconds)
            }
        }
    }

    private func pause(_ milliseconds: Int64) async {
        await cancelWhenGracefulShutdown { await wake.wait(milliseconds: milliseconds, environment) }
    }
}

/// Failures of one worker's steps: each is counted, and what lasts is told once.
struct StepFailures {
    private let worker: String
    private let logger: Logger
    private let count: Counter
    private var isFailing = false

    init(of worker: String, _ logger: Logger) {
        self.worker = worker
        self.logger = logger
        count = Counter(label: "rushes_worker_step_failures_total", dimensions: [("worker", worker)])
    }

    /// A step has failed. A database that is away for a minute is one line for each loop, not sixty.
    mutating func add(_ error: any Error) {
        count.increment()
        logger.log(
            level: isFailing ? .debug : .error, "worker step failed",
            metadata: ["worker": "\(worker)", "error": "\(error)"])
        isFailing = true
    }

    /// A step went through.
    mutating func end() {
        if isFailing { logger.notice("worker goes on", metadata: ["worker": "\(worker)"]) }
        isFailing = false
    }
}
