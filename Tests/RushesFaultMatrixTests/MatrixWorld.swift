import Logging
import RushesBlobs
import RushesCore
import RushesDatabase
import RushesEngine
import RushesMedia
import RushesProviders
import RushesSQLite
import RushesSimulation
import RushesStore
import RushesTesting
import Testing

/// What became of the two tasks of a case.
struct MatrixResult: Sendable {
    let batch: Batch
    let tasks: [VideoTask]
    /// Free and frozen micro-credits.
    let walletMicros: [Int64]
    let violations: [String]
}

/// The real engine on a database in memory, in virtual time, with one batch of two tasks.
struct MatrixWorld: Sendable {
    static let priceMicros: Int64 = 490_000
    static let topUpMicros: Int64 = 10_000_000
    private static let secondsMax: Int64 = 7_200

    private let engine: Engine
    private let clock: ManualClock
    private let organization: OrganizationID

    /// Where videos are kept, and what looks into them.
    private struct Place {
        let blobs: any BlobStore
        let media: any MediaTools
    }

    /// Runs one case to the end of its batch, on one route.
    static func run(_ case: MatrixCase) async throws -> (MatrixResult, MatrixProvider) {
        let clock = ManualClock()
        let (result, provider) = try await run(`case`, clock, spare: nil)
        return (result, provider)
    }

    /// Runs one case to the end of its batch; behind its route there is another one, whose provider has no fault.
    static func runWithSpare(
        _ case: MatrixCase
    ) async throws -> (MatrixResult, MatrixProvider, spare: MatrixProvider) {
        let clock = ManualClock()
        let spare = MatrixProvider(`case`, clock: clock, isFaultless: true)
        return try await MatrixServer.with(spare, Patience()) { address in
            let (result, provider) = try await run(`case`, clock, spare: (spare, address))
            return (result, provider, spare)
        }
    }

    private static func run(
        _ case: MatrixCase, _ clock: ManualClock, spare: (provider: MatrixProvider, address: String)?
    ) async throws -> (MatrixResult, MatrixProvider) {
        let provider = MatrixProvider(`case`, clock: clock)
        let patience = Patience()
        let chance = SeededChance(seed: 1, clock: clock)
        let environment = Environment(
            now: { clock.now },
            elapsedMilliseconds: { clock.now.milliseconds + patience.elapsedMilliseconds },
            sleep: { try await patience.sleep($0) }, ids: chance, random: chance)
        let result = try await MatrixServer.with(provider, patience) { address in
            try await withBrokenAddress(for: `case`.fault) { broken in
                try await withConnections { connections, hurried in
                    let adapter = { `case`.form.adapter($0, connections, environment) }
                    let route = FaultyRoute(
                        right: adapter(address), broken: broken.map(adapter),
                        hurried: `case`.form.adapter(address, hurried, environment), provider: provider)
                    var routes: [String: any VideoProvider] = ["matrix": route]
                    routes["spare"] = spare.map { adapter($0.address) }
                    return try await withPlace(for: `case`.fault, environment) { place in
                        try await MatrixWorld(routes, place, environment, clock, `case`.form).run()
                    }
                }
            }
        }
        return (result, provider)
    }

    /// In memory and with a stand-in for ffprobe; on the disk and with the real one where the video itself is wrong.
    private static func withPlace<Result>(
        for fault: WireFault, _ environment: Environment, _ work: (Place) async throws -> Result
    ) async throws -> Result {
        guard fault.needsRealClips else {
            let blobs = MemoryBlobStore(bytesMax: 4 * 1_024 * 1_024, pretendsFiles: true)
            return try await work(Place(blobs: blobs, media: MatrixMedia()))
        }
        return try await TemporaryFolder.with { folder in
            let blobs = try await DiskBlobStore.open(folder + "/blobs", owner: "matrix", now: environment.now())
            let tools = MatrixClips.tools(folder, like: environment)
            #expect(tools.ffprobePath != nil, "scripts/setup installs ffprobe")
            return try await work(Place(blobs: blobs, media: tools))
        }
    }

    private static func withBrokenAddress<Result>(
        for fault: WireFault, _ work: (String?) async throws -> Result
    ) async throws -> Result {
        if fault == .connectionRefused { return try await work(MatrixServer.closedPort()) }
        if fault == .unknownHost { return try await work("http://rushes.invalid") }
        if fault == .badCertificate { return try await MatrixServer.withBadCertificate { try await work($0) } }
        return try await work(nil)
    }

    private static func withConnections<Result>(
        _ work: (_ patient: ProviderConnections, _ hurried: ProviderConnections) async throws -> Result
    ) async throws -> Result {
        var limits = ProviderTimeLimits()
        limits.download.headMilliseconds = 200
        limits.download.idleMilliseconds = 200
        let (patient, hurried) = (ProviderConnections(), ProviderConnections(limits: limits))
        do {
            let result = try await work(patient, hurried)
            try await patient.shutdown()
            try await hurried.shutdown()
            return result
        } catch {
            try await patient.shutdown()
            try await hurried.shutdown()
            throw error
        }
    }

    private init(
        _ routes: [String: any VideoProvider], _ place: Place, _ environment: Environment, _ clock: ManualClock,
        _ form: MatrixForm
    ) async throws {
        self.clock = clock
        let database = try SQLiteDatabase.memory(clock: { clock.now })
        _ = try await Migrator(Schema.migrations).migrate(database)
        engine = Engine(
            database: database, blobs: place.blobs, providers: ProviderDirectory(routes), environment: environment,
            media: place.media,
            logger: Logger(label: "matrix", factory: { _ in SwiftLogNoOpLogHandler() }), fanOutWidth: 1)
        let operators = OperatorService(engine)
        _ = try await operators.apply(
            Catalogue(
                models: [Self.model(form.policy, spare: routes.keys.contains("spare") ? "spare" : nil)], packages: []))
        organization = try await operators.createOrganization(named: "Studio").organization
        _ = try await operators.confirmPurchase(
            .topup(Credits(micros: Self.topUpMicros)), for: organization, reference: "pay")
    }

    private static func model(_ policy: VideoModel.UnknownCreatePolicy, spare: String?) -> VideoModel {
        func route(_ provider: String) -> ProviderRoute {
            ProviderRoute(provider: provider, model: "veo", maxInFlight: 10, createsPerMinute: 6_000)
        }
        return VideoModel(
            id: "model", displayName: "Model", unitPrice: Credits(micros: priceMicros), minBatch: 2, maxBatch: 2,
            seconds: [4], sizes: ["1280x720"], slaSeconds: 60, deadlineSeconds: 60,
            route: route("matrix"), unknownCreatePolicy: policy, fallbackRoutes: spare.map { [route($0)] } ?? [])
    }

    private func run() async throws -> MatrixResult {
        let batches = BatchService(engine)
        let draft = BatchDraft(
            requestID: "r", model: "model", tasks: MatrixProvider.prompts.map { TaskDraft(prompt: $0) },
            windowHours: 1)
        let id = try await batches.create(draft, for: organization).batch.id
        var batch = try await batches.batch(id, of: organization)
        let began = clock.now
        while batch.finishedAt == nil, clock.now.milliseconds(since: began) < Self.secondsMax * 1_000 {
            for worker in workers { _ = try await worker.step() }
            clock.advance(milliseconds: pause(clock.now.milliseconds(since: began)))
            batch = try await batches.batch(id, of: organization)
        }
        let wallet = try await CreditService(engine).wallet(of: organization)
        return MatrixResult(
            batch: batch,
            tasks: try await batches.tasks(of: id, organization: organization, after: -1, states: [], limit: 10)
                .page.items,
            walletMicros: [wallet.available.micros, wallet.held.micros],
            violations: try await InvariantSweep(engine.database).run().violations.map(\.description))
    }

    /// Second by second while tasks run; long waits in larger steps, for speed.
    private func pause(_ elapsedMilliseconds: Int64) -> Int64 {
        elapsedMilliseconds < 70_000 ? 1_000 : elapsedMilliseconds < 900_000 ? 5_000 : 60_000
    }

    private var workers: [any Worker] {
        [
            Dispatcher(engine), Poller(engine), Watcher(engine), Archiver(engine), Reconciler(engine), Sweeper(engine),
            Settler(engine),
        ]
    }
}

/// Stands in for ffprobe: the videos of the matrix have the boxes of an MP4 and no pictures.
private struct MatrixMedia: MediaTools {
    func look(into path: String) async throws -> VideoFacts? {
        VideoFacts(durationMilliseconds: 4_000, width: 1_280, height: 720)
    }

    func makeImage(_ kind: AssetImage.Kind, of path: String, seconds: Int) async throws -> [UInt8]? { nil }
}

extension MatrixForm {
    /// As in the catalogue that comes along: cheap models are made again once, expensive ones are not.
    fileprivate var policy: VideoModel.UnknownCreatePolicy {
        switch self {
        case .openAI: .resubmitOnce
        case .gemini: .fail
        }
    }

    fileprivate func adapter(
        _ address: String, _ connections: ProviderConnections, _ environment: Environment
    ) -> any VideoProvider {
        switch self {
        case .openAI:
            OpenAIVideosProvider(
                configuration: .init(baseURL: address + "/v1", apiKey: Secret("key"), isSandbox: false),
                connections: connections, environment: environment)
        case .gemini:
            GeminiVeoProvider(
                server: GeminiServer(baseURL: address, apiKey: Secret("key"), isSandbox: false),
                connections: connections, environment: environment)
        }
    }
}
