import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesSQLite
import RushesSimulation
import RushesStore
import RushesTesting
import Synchronization
import Testing

/// One organization with an empty wallet, a provider that tests script, and time that they move.
struct EngineWorld: Sendable {
    let organization: OrganizationID
    let engine: Engine
    let database: any Database
    let provider: FakeProvider
    let blobs: MemoryBlobStore
    let clock: TestClock

    var batches: BatchService { BatchService(engine) }
    var credits: CreditService { CreditService(engine) }
    var operators: OperatorService { OperatorService(engine) }

    /// Every worker, in the order of a task's life.
    var workers: [any Worker] {
        [
            Dispatcher(engine), Poller(engine), Watcher(engine), Archiver(engine), Reconciler(engine), Settler(engine),
            Sweeper(engine), Expirer(engine),
        ]
    }

    /// Runs `work` in a new world on one of the databases.
    static func with<Result>(
        _ kind: TestDatabase = .current, catalogue: Catalogue = .sample(), blobs: MemoryBlobStore = MemoryBlobStore(),
        fanOutWidth: Int = 1, localClockAheadSeconds: Int = 0, recorded: (any Database) -> any Database = { $0 },
        _ work: (EngineWorld) async throws -> Result
    ) async throws -> Result {
        let clock = TestClock()
        return try await kind.with(clock: { clock.now }) { database in
            _ = try await Migrator(Schema.migrations).migrate(database)
            let world = try await EngineWorld(
                recorded(database), clock, catalogue: catalogue, blobs: blobs, fanOutWidth: fanOutWidth,
                localClockAheadSeconds: localClockAheadSeconds)
            return try await work(world)
        }
    }

    private init(
        _ database: any Database, _ clock: TestClock, catalogue: Catalogue, blobs: MemoryBlobStore, fanOutWidth: Int,
        localClockAheadSeconds: Int
    ) async throws {
        let ids = CountingIDs()
        let environment = Environment(
            now: { clock.now.adding(seconds: localClockAheadSeconds) },
            elapsedMilliseconds: { clock.now.milliseconds }, sleep: { try await Task.sleep(for: .milliseconds($0)) },
            ids: ids,
            random: NoJitter())
        self.database = database
        self.clock = clock
        self.blobs = blobs
        provider = FakeProvider(clock: clock)
        engine = Engine(
            database: database, blobs: blobs, providers: ProviderDirectory(["test": provider, "other": provider]),
            environment: environment, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            fanOutWidth: fanOutWidth)
        let operators = OperatorService(engine)
        _ = try await operators.apply(catalogue)
        organization = try await operators.createOrganization(named: "Studio").organization
    }
}

/// Numbers that differ, for keys, and are all multiples of a thousand: jitter is nothing, waits have their shortest
/// length.
final class NoJitter: RandomSource {
    private let count = Mutex<UInt64>(0)

    func next() -> UInt64 {
        count.withLock { count in
            count += 1
            return count * 1_000
        }
    }
}

extension EngineWorld {
    /// Buys credits at par.
    func topUp(_ micros: Int64, reference: String = "topup-1") async throws {
        _ = try await operators.confirmPurchase(
            .topup(Credits(micros: micros)), for: organization, reference: reference)
    }

    /// Creates a batch of prompts `prompt 0`, `prompt 1` and so on.
    @discardableResult
    func create(
        _ count: Int, model: String = "sora-2", requestID: String = "r-1", maxConcurrency: Int? = nil,
        windowHours: Int? = nil, prompt: (Int) -> String = { "prompt \($0)" }
    ) async throws -> Batch {
        try await batches.create(
            BatchDraft(
                requestID: requestID, model: model, tasks: (0..<count).map { TaskDraft(prompt: prompt($0)) },
                maxConcurrency: maxConcurrency, windowHours: windowHours), for: organization
        ).batch
    }

    /// Lets time pass in steps, with one step of every worker after each.
    func run(seconds: Int64, stepSeconds: Int64 = 1) async throws {
        for _ in 0..<(seconds / stepSeconds) {
            for worker in workers { _ = try await worker.step() }
            clock.advance(seconds: stepSeconds)
        }
        for worker in workers { _ = try await worker.step() }
    }

    /// Looks at every invariant.
    func expectIntact(_ location: SourceLocation = #_sourceLocation) async throws {
        #expect(try await InvariantSweep(database).run().violations == [], sourceLocation: location)
    }

    func batch(_ id: BatchID) async throws -> Batch {
        try await batches.batch(id, of: organization)
    }

    /// The first hundred tasks of a batch.
    func tasks(of id: BatchID) async throws -> [VideoTask] {
        try await batches.tasks(of: id, organization: organization, after: -1, states: [], limit: 100).page.items
    }

    func attempts(of task: TaskID) async throws -> [Attempt] {
        try await batches.task(task, of: organization).attempts
    }

    func lane(_ model: VideoModel = Catalogue.sora()) async throws -> Lane {
        try await database.read { try #require(try $0.lane(model.route.lane)) }
    }

    /// Free and frozen micro-credits.
    func wallet() async throws -> [Int64] {
        let wallet = try await credits.wallet(of: organization)
        return [wallet.available.micros, wallet.held.micros]
    }

    func rows(_ sql: String) async throws -> [SQLRow] {
        try await database.read { try $0.query(sql, []) }
    }

    /// How many rows every table has, and the wallets: what a refusal must not change.
    func written() async throws -> [SQLRow] {
        var rows = try await rows("SELECT * FROM wallet")
        for table in ["batch", "task", "hold", "hold_part", "lot", "ledger_transaction", "credit_ledger", "event"] {
            rows += try await self.rows("SELECT COUNT(*) FROM \(table)")
        }
        return rows
    }

    /// The types of the events so far.
    func events() async throws -> [String] {
        try await rows("SELECT type FROM event ORDER BY seq").map { try $0.text(0) }
    }
}

extension Catalogue {
    static func sora(
        price: Int64 = 490_000, seconds: [Int] = [4, 8], maxInFlight: Int = 100,
        policy: VideoModel.UnknownCreatePolicy = .resubmitOnce, state: VideoModel.State = .active
    ) -> VideoModel {
        VideoModel(
            id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: price), minBatch: 10, maxBatch: 10_000,
            seconds: seconds, sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120,
            route: ProviderRoute(
                provider: "test", model: "sora-2", maxInFlight: maxInFlight, createsPerMinute: 60_000),
            unknownCreatePolicy: policy, state: state)
    }

    static let veo = VideoModel(
        id: "veo-pro", displayName: "Veo Pro", unitPrice: Credits(micros: 5_990_000), minBatch: 5, maxBatch: 10_000,
        seconds: [8], sizes: ["1280x720"], slaSeconds: 600, deadlineSeconds: 600,
        route: ProviderRoute(provider: "test", model: "veo", maxInFlight: 100, createsPerMinute: 60_000),
        unknownCreatePolicy: .fail)

    static func sample(_ sora: VideoModel = sora()) -> Catalogue {
        Catalogue(
            models: [sora, veo],
            packages: [
                PackageOffer(
                    id: "pack_2000", paid: Dollars(micros: 2_000_000_000), face: Credits(micros: 2_276_200_000))
            ])
    }
}
