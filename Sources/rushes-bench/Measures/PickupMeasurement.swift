import RushesCore
import RushesEngine
import RushesSimulation
import Synchronization

/// How soon a new task of an idle installation reaches its provider.
struct PickupMeasurement {
    let databases: BenchDatabases
    let samples: Int

    func run() async throws -> [Figure] {
        let provider = WatchedProvider()
        let (called, returned) = try await databases.with("pickup") { database in
            let world = try await BenchWorld.make(on: database, provider: provider)
            return try await WorkerRun.run(world.engine) { try await measure(world, provider) }
        }
        return [
            Figure(
                name: "p50 from the return of create to the call", value: returned.median, unit: "ms",
                goal: .atMost(10)),
            Figure(name: "  p95", value: returned.percentile(95), unit: "ms"),
            Figure(name: "p50 from the call of create to the call", value: called.median, unit: "ms"),
            Figure(name: "  p95", value: called.percentile(95), unit: "ms"),
        ]
    }

    private func measure(
        _ world: BenchWorld, _ provider: WatchedProvider
    ) async throws -> (called: [Double], returned: [Double]) {
        var called: [Double] = []
        var returned: [Double] = []
        for number in 0..<samples {
            // Idle, and at another point of the workers' pauses each time.
            try await BenchEnvironment.pause(milliseconds: 300 + number * 37 % 250)
            let start = ContinuousClock.now
            let batch = try await world.batches.create(
                BenchWorld.draft("pickup-\(number)", tasks: 1), for: world.organization
            ).batch
            let answer = ContinuousClock.now
            _ = try await world.end(of: batch.id)
            guard let submitted = provider.lastSubmission else { throw BenchError("nothing was submitted") }
            called.append((submitted - start).inSeconds * 1_000)
            returned.append((submitted - answer).inSeconds * 1_000)
        }
        return (called, returned)
    }
}

/// Tells when it was last asked for a video.
final class WatchedProvider: VideoProvider {
    private let provider = BenchProvider()
    private let last = Mutex<ContinuousClock.Instant?>(nil)

    var lastSubmission: ContinuousClock.Instant? { last.withLock { $0 } }

    func submit(_ submission: Submission) async -> SubmitOutcome {
        last.withLock { $0 = .now }
        return await provider.submit(submission)
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome { await provider.poll(job) }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] { try await provider.list(since: since) }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        try await provider.download(job, consume: consume)
    }
}
