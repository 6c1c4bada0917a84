import Logging
import RushesCore
import ServiceLifecycle

/// All workers of a process as one service, so that a stop reaches every loop at the same moment: none takes up new
/// work while another one finishes its step.
package struct WorkerPool: Service {
    private let engine: Engine
    private let illustrates: Bool

    /// The workers of an engine, with or without the one that keeps images of videos.
    package init(_ engine: Engine, illustrates: Bool = true) {
        self.engine = engine
        self.illustrates = illustrates
    }

    /// Runs until graceful shutdown or until its task is cancelled.
    package func run() async throws {
        let loops = loops
        try await withThrowingTaskGroup(of: Void.self) { group in
            for loop in loops { group.addTask { try await loop.run() } }
            try await group.waitForAll()
        }
    }

    private var loops: [WorkerService] {
        let signals = engine.signals
        func loops(
            _ worker: any Worker, _ wake: WakeSignal, count: Int = 1, gatheringMilliseconds: Int64 = 0
        ) -> [WorkerService] {
            (0..<count).map { _ in
                WorkerService(
                    worker, wake: wake, environment: engine.environment, logger: engine.logger,
                    gatheringMilliseconds: gatheringMilliseconds)
            }
        }
        // Nothing waits for images: what is paid for goes first, and few commits go to them.
        let gathering = Limits.illustrationGatheringMilliseconds
        // Several loops where a step waits for the provider, so that one slow answer does not hold up the rest. No more
        // is claimed than is sent at once: after a crash nobody knows of a claimed task whether its create was sent.
        return loops(Dispatcher(engine, claimsMax: engine.fanOutWidth), signals.dispatcher, count: 3)
            + loops(Poller(engine), signals.poller, count: 3)
            + loops(Archiver(engine), signals.archiver, count: 3)
            + (illustrates ? loops(Illustrator(engine), WakeSignal(), gatheringMilliseconds: gathering) : [])
            + loops(Watcher(engine), signals.watcher)
            + loops(Reconciler(engine), WakeSignal())
            + loops(Sweeper(engine), signals.sweeper)
            + loops(Settler(engine), signals.settler)
            + loops(Expirer(engine), WakeSignal())
            + loops(MonthEnd(engine), WakeSignal())
    }
}
