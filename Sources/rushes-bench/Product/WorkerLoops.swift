import RushesCore
import RushesEngine

/// All workers as a server runs them: as many loops of each, the same pause, the same signals.
struct WorkerLoops {
    private let world: BenchWorld
    private static let pauseMilliseconds: Int64 = 250

    init(_ world: BenchWorld) {
        self.world = world
    }

    /// Runs until a batch has ended, which is when its last posting is committed.
    func run(untilEndOf batch: BatchID) async throws {
        let engine = world.engine
        let signals = engine.signals
        try await withThrowingTaskGroup(of: Void.self) { group in
            func add(_ worker: any Worker, _ wake: WakeSignal, count: Int = 1) {
                for _ in 0..<count { group.addTask { try await loop(worker, wake) } }
            }
            add(Dispatcher(engine), signals.dispatcher, count: 3)
            add(Poller(engine), signals.poller, count: 3)
            add(Archiver(engine), signals.archiver, count: 3)
            add(Watcher(engine), WakeSignal())
            add(Reconciler(engine), WakeSignal())
            add(Sweeper(engine), signals.sweeper)
            group.addTask { try await settle(until: batch) }
            // The Settler's loop is the only one that ends by itself.
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func loop(_ worker: any Worker, _ wake: WakeSignal) async throws {
        while !Task.isCancelled {
            if try await worker.step() == 0 {
                await wake.wait(milliseconds: Self.pauseMilliseconds, world.environment)
            }
        }
    }

    private func settle(until batch: BatchID) async throws {
        let settler = Settler(world.engine)
        let batches = BatchService(world.engine)
        while true {
            if try await settler.step() == 0 {
                await world.engine.signals.settler.wait(milliseconds: Self.pauseMilliseconds, world.environment)
            } else if try await batches.batch(batch, of: world.organization).status.isTerminal {
                return
            }
        }
    }
}
