import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesSQLite
import RushesSimulation
import RushesStore
import Synchronization
import Testing

/// A batch from freeze to finalize, step by step, with a provider that accepts everything.
struct WholePathTests {
    @Test func aBatchOfSuccessesIsChargedInFull() async throws {
        let world = try await SmallWorld(fails: { _ in false })
        let receipt = try await world.create(count: 12)
        #expect(receipt.batch.counts.queued == 12)
        try await world.runUntilIdle(seconds: 200)
        let batch = try await world.batches.batch(receipt.batch.id, of: world.organization)
        #expect(batch.status == .completed)
        #expect(batch.charged == Credits(micros: 12 * 490_000))
        #expect(batch.held == .zero)
        let wallet = try await world.credits.wallet(of: world.organization)
        #expect(wallet.available == Credits(micros: 2_276_200_000 - 12 * 490_000))
        #expect(wallet.held == .zero)
    }

    @Test func failuresComeBackWithinThreeSeconds() async throws {
        let world = try await SmallWorld(fails: { $0.contains("bad") })
        let receipt = try await world.create(count: 10, prompt: { $0 < 3 ? "bad \($0)" : "good \($0)" })
        try await world.runUntilIdle(seconds: 200)
        let batch = try await world.batches.batch(receipt.batch.id, of: world.organization)
        #expect(batch.status == .partial)
        #expect(batch.refunded == Credits(micros: 3 * 490_000))
        let failed = try await world.batches.tasks(
            of: batch.id, organization: world.organization, after: -1, states: [.failed], limit: 100)
        #expect(failed.page.items.map(\.failure?.type) == [.moderated, .moderated, .moderated])
    }
}

/// One organization with a package, an accepting provider, memory for everything, time that tests move.
struct SmallWorld {
    let organization: OrganizationID
    let engine: Engine
    let clock: Mutex<Int64>.Box
    let workers: [any Worker]

    var batches: BatchService { BatchService(engine) }
    var credits: CreditService { CreditService(engine) }

    init(fails: @escaping @Sendable (String) -> Bool) async throws {
        let clock = Mutex<Int64>.Box(1_795_460_000_000)
        self.clock = clock
        let random = SeededRandom(seed: 1)
        let environment = Environment(
            now: { Timestamp(milliseconds: clock.value) }, sleep: { _ in },
            ids: SeededIDs(clock: clock, random: random),
            random: random)
        let database = try SQLiteDatabase.memory(clock: { Timestamp(milliseconds: clock.value) })
        _ = try await Migrator(Schema.migrations).migrate(database)
        engine = Engine(
            database: database, blobs: MemoryBlobStore(),
            providers: ProviderDirectory(["test": TestProvider(fails: fails)]),
            environment: environment, logger: Logger(label: "test"), fanOutWidth: 1)
        let operators = OperatorService(engine)
        _ = try await operators.apply(.sample)
        organization = try await operators.createOrganization(named: "Studio").organization
        _ = try await operators.confirmPurchase(.package("pack_2000"), for: organization, reference: "pay-1")
        workers = [
            Dispatcher(engine), Poller(engine), Watcher(engine), Archiver(engine), Reconciler(engine), Settler(engine),
            Sweeper(engine),
        ]
    }

    func create(count: Int, prompt: (Int) -> String = { "prompt \($0)" }) async throws -> BatchReceipt {
        try await batches.create(
            BatchDraft(requestID: "r-1", model: "sora-2", tasks: (0..<count).map { TaskDraft(prompt: prompt($0)) }),
            for: organization)
    }

    func runUntilIdle(seconds: Int) async throws {
        for _ in 0..<(seconds * 2) {
            for worker in workers { _ = try await worker.step() }
            clock.add(500)
        }
    }
}

extension Mutex where Value == Int64 {
    /// A number that several closures share.
    final class Box: Sendable {
        private let storage: Mutex<Int64>
        init(_ value: Int64) { storage = Mutex(value) }
        var value: Int64 { storage.withLock { $0 } }
        func add(_ delta: Int64) { storage.withLock { $0 += delta } }
    }
}

final class SeededRandom: RandomSource {
    private let generator: Mutex<SplitMix64>
    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }
    func next() -> UInt64 { generator.withLock { $0.next() } }
}

struct SeededIDs: IDSource {
    let clock: Mutex<Int64>.Box
    let random: SeededRandom
    func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> {
        Identifier(
            at: Timestamp(milliseconds: clock.value), randomHigh: UInt16(truncatingIfNeeded: random.next()),
            randomLow: random.next())
    }
}

extension Catalogue {
    static let sample = Catalogue(
        models: [
            VideoModel(
                id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 10,
                maxBatch: 10_000,
                seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120,
                route: ProviderRoute(provider: "test", model: "sora-2", maxInFlight: 100, createsPerMinute: 6_000),
                unknownCreatePolicy: .resubmitOnce)
        ],
        packages: [
            PackageOffer(
                id: "pack_2000", paid: Dollars(micros: 2_000_000_000), face: Credits(micros: 2_276_200_000))
        ])
}

/// Accepts every create, finishes at the second poll, fails prompts by a rule; its videos are three boxes.
final class TestProvider: VideoProvider {
    private let prompts = Mutex<[String: String]>([:])
    private let fails: @Sendable (String) -> Bool

    init(fails: @escaping @Sendable (String) -> Bool) { self.fails = fails }

    func submit(_ submission: Submission) async -> SubmitOutcome {
        let job = "job-\(submission.task)-\(submission.attempt)"
        prompts.withLock { $0[job] = submission.prompt }
        return .accepted(ProviderJobID(job), pollAfterMilliseconds: 100)
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome {
        guard let prompt = prompts.withLock({ $0[job.rawValue] }) else {
            return .lost(ProviderFault(.lost, message: "unknown job"))
        }
        return fails(prompt) ? .failed(ProviderFault(.moderated, message: "no")) : .completed
    }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] { [] }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        let video = Self.video
        try await consume(.began(contentLength: Int64(video.count)))
        try await consume(.bytes(video))
    }

    private static let video: [UInt8] =
        box("ftyp", Array("isom".utf8) + [0, 0, 2, 0]) + box("moov", box("mvhd", [0, 0, 0, 0]) + box("trak", []))
        + box("mdat", [1, 2])

    private static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(8 + body.count)] + Array(type.utf8) + body
    }
}
