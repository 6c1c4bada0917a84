import Logging
package import RushesCore
import RushesDatabase
import RushesEngine
import RushesSQLite
import RushesStore

/// An installation of two nodes on one database that lives through a provider's weather in virtual time: no faults but
/// the weather, every worker once a second on each node.
package final class WeatherRun {
    /// What became of one create.
    package enum Told: Sendable, Equatable {
        case accepted
        case notAccepted
        case unknown
    }

    private let clock = ManualClock()
    private let provider: ScriptedProvider
    private let database: any Database
    private let nodes: [Engine]
    private let organization: OrganizationID
    private let lane: LaneID
    private let began: Timestamp
    private var batches: [BatchID] = []
    /// Jobs at the same time at most, over both nodes.
    package private(set) var peakInFlight = 0
    /// Moments, in seconds from the beginning, at which the breaker was not closed.
    package private(set) var secondsNotClosed: [Int64] = []

    /// A world whose model has these limits, with so many tasks in its one batch.
    package init(
        tasks: Int, maxInFlight: Int, createsPerMinute: Int, deadlineSeconds: Int, weather: Weather
    ) async throws {
        let clock = clock
        let chance = SeededChance(seed: 4, clock: clock)
        let provider = ScriptedProvider(rates: FaultRates(), chance: chance, clock: clock)
        provider.turn(weather)
        self.provider = provider
        let database = try SQLiteDatabase.memory(clock: { clock.now })
        self.database = database
        _ = try await Migrator(Schema.migrations).migrate(database)
        let blobs = MemoryBlobStore { _ in nil }
        nodes = (0..<2).map { _ in
            Engine(
                database: database, blobs: blobs, providers: ProviderDirectory(["sim": provider]),
                environment: Environment(now: { clock.now }, sleep: { _ in }, ids: chance, random: chance),
                logger: Logger(label: "weather", factory: { _ in SwiftLogNoOpLogHandler() }), fanOutWidth: 1)
        }
        let model = VideoModel(
            id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 1, maxBatch: 10_000,
            seconds: [4], sizes: ["1280x720"], slaSeconds: deadlineSeconds, deadlineSeconds: deadlineSeconds,
            route: ProviderRoute(
                provider: "sim", model: "sora-2", maxInFlight: maxInFlight, createsPerMinute: createsPerMinute),
            unknownCreatePolicy: .resubmitOnce)
        lane = model.route.lane
        let operators = OperatorService(nodes[0])
        _ = try await operators.apply(Catalogue(models: [model], packages: []))
        organization = try await operators.createOrganization(named: "Studio").organization
        _ = try await operators.confirmPurchase(
            .topup(Credits(micros: Int64(tasks) * 490_000)), for: organization, reference: "pay")
        began = clock.now
        let draft = BatchDraft(
            requestID: "batch", model: "sora-2", tasks: (0..<tasks).map { TaskDraft(prompt: "prompt \($0)") },
            windowHours: 720)
        batches = [try await BatchService(nodes[0]).create(draft, for: organization).batch.id]
    }

    /// The provider from now on.
    package func turn(_ change: (inout Weather) -> Void) {
        var weather = provider.weather
        change(&weather)
        provider.turn(weather)
    }

    /// Seconds since the beginning.
    package var second: Int64 { clock.now.milliseconds(since: began) / 1_000 }

    /// Lets time pass.
    package func run(seconds: Int64) async throws {
        for _ in 0..<seconds {
            clock.advance(milliseconds: 1_000)
            for node in nodes { try await step(node) }
            let lane = lane
            let (inFlight, state) = try await database.read { reader in
                (try reader.lane(lane)?.inFlight ?? 0, try reader.providerAccount(lane.provider).breaker.state)
            }
            peakInFlight = max(peakInFlight, inFlight)
            if state != .closed { secondsNotClosed.append(second) }
        }
    }

    private func step(_ node: Engine) async throws {
        let workers: [any Worker] = [
            Dispatcher(node), Poller(node), Archiver(node), Watcher(node), Reconciler(node), Sweeper(node),
            Settler(node),
        ]
        for worker in workers { _ = try await worker.step() }
    }

    /// The creates of a span of seconds, by what was told.
    package func creates(from first: Int64, to last: Int64) -> [Told] {
        provider.creates(after: 0).compactMap { create in
            let second = create.at.milliseconds(since: began) / 1_000
            guard (first..<last).contains(second) else { return nil }
            return switch create.told {
            case .accepted: .accepted
            case .notAccepted: .notAccepted
            case .unknown: .unknown
            }
        }
    }

    /// How the tasks stand now.
    package func batch() async throws -> Batch {
        try await BatchService(nodes[0]).batch(batches[0], of: organization)
    }

    /// Micro-credits that were charged so far.
    package func chargedMicros() async throws -> Int64 {
        try await database.read { reader in
            try reader.query("SELECT CAST(COALESCE(SUM(captured_micros), 0) AS BIGINT) FROM lot", [])[0].integer(0)
        }
    }

    /// The most generations that a task has used, and how many tasks have none left.
    package func generations() async throws -> (most: Int, tasksWithoutMore: Int) {
        try await database.read { reader in
            let row = try reader.query(
                "SELECT MAX(generations), CAST(SUM(CASE WHEN generations >= 3 THEN 1 ELSE 0 END) AS BIGINT) FROM task",
                [])[0]
            return (try row.int(0), try row.int(1))
        }
    }

    /// What does not hold.
    package func violations() async throws -> [String] {
        try await InvariantSweep(database).run().violations.map(\.description)
    }
}

extension ScriptedProvider: VideoProvider {
    func submit(_ submission: Submission) async -> SubmitOutcome { answer(submission) }
    func poll(_ job: ProviderJobID) async -> PollOutcome { answer(pollOf: job) }
    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] { try listing(since: since) }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        for event in try parts(of: job) { try await consume(event) }
    }
}
