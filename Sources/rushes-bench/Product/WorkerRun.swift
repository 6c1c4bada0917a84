import RushesCore
import RushesEngine

/// The workers of one node, as `rushes serve` runs them.
enum WorkerRun {
    /// Runs the workers of an engine beside `work` and ends them after it.
    static func run<Result>(_ engine: Engine, beside work: () async throws -> Result) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await WorkerPool(engine).run() }
            let result = try await work()
            group.cancelAll()
            try await group.waitForAll()
            return result
        }
    }
}

extension BenchWorld {
    private static let pauseMilliseconds = 20
    private static let waitSeconds = 300

    /// Waits until a batch has ended.
    func end(of batch: BatchID) async throws -> Batch {
        for _ in 0..<(Self.waitSeconds * 1_000 / Self.pauseMilliseconds) {
            let now = try await batches.batch(batch, of: organization)
            if now.status.isTerminal { return now }
            try await BenchEnvironment.pause(milliseconds: Self.pauseMilliseconds)
        }
        throw BenchError("batch \(batch) did not end within \(Self.waitSeconds) s")
    }
}

/// A measure that cannot be taken.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
