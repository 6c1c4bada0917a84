import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import RushesCore
import RushesDatabase
import RushesEngine
import RushesProviders
import RushesSQLite
import RushesSandbox
import RushesSimulation
import RushesStore
import RushesTesting
import ServiceLifecycle

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The real engine with a real adapter against the real sandbox, both in the same virtual time.
struct SandboxWorld: Sendable {
    let engine: Engine
    let provider: any VideoProvider
    let clock: ManualClock
    let organization: OrganizationID
    let url: String
    private static let model = "model"

    /// The dialects in which a create with an unknown outcome can be looked for.
    enum Dialect: String, Sendable, CaseIterable {
        case openAI, vertex

        /// The model's name at the sandbox.
        fileprivate var upstream: String {
            switch self {
            case .openAI: "sora-2"
            case .vertex: "veo-3.1-generate-001"
            }
        }

        /// As in the catalogue that comes along: cheap models are made again once, expensive ones are not.
        var policy: VideoModel.UnknownCreatePolicy {
            switch self {
            case .openAI: .resubmitOnce
            case .vertex: .fail
            }
        }
    }

    /// Runs `work` in a new world.
    static func with<Result: Sendable>(
        _ dialect: Dialect, priceMicros: Int64, topUpMicros: Int64,
        _ work: @escaping @Sendable (SandboxWorld) async throws -> Result
    ) async throws -> Result {
        let clock = ManualClock()
        return try await TemporaryFolder.with { folder in
            try await withSandbox(folder, clock) { url in
                let connections = ProviderConnections()
                do {
                    let environment = environment(clock)
                    let provider = try provider(dialect, folder, url, connections, environment)
                    let world = try await SandboxWorld(dialect, provider, environment, clock, url, priceMicros)
                    _ = try await OperatorService(world.engine).confirmPurchase(
                        .topup(Credits(micros: topUpMicros)), for: world.organization, reference: "pay")
                    let result = try await work(world)
                    try await connections.shutdown()
                    return result
                } catch {
                    try await connections.shutdown()
                    throw error
                }
            }
        }
    }

    private static func environment(_ clock: ManualClock) -> Environment {
        let chance = SeededChance(seed: 7, clock: clock)
        return Environment(
            now: { clock.now }, elapsedMilliseconds: { clock.now.milliseconds },
            sleep: { try await Task.sleep(for: .milliseconds($0)) }, ids: chance, random: chance)
    }

    private static func provider(
        _ dialect: Dialect, _ folder: String, _ url: String, _ connections: ProviderConnections,
        _ environment: Environment
    ) throws -> any VideoProvider {
        switch dialect {
        case .openAI:
            return OpenAIVideosProvider(
                configuration: .init(baseURL: url + "/v1", apiKey: Secret("sandbox"), isSandbox: true),
                connections: connections, environment: environment)
        case .vertex:
            let key = try Data(contentsOf: URL(fileURLWithPath: folder + "/service-account.json"))
            return VertexVeoProvider(
                configuration: .init(
                    baseURL: url, project: "sandbox", account: try ServiceAccount(json: key),
                    storage: StorageObject("gs://bucket/"), storageURL: url, isSandbox: true),
                connections: connections, environment: environment)
        }
    }

    /// A sandbox that is four times faster than life, with the small clips that come along.
    private static func withSandbox<Result: Sendable>(
        _ folder: String, _ clock: ManualClock, _ work: @escaping @Sendable (_ url: String) async throws -> Result
    ) async throws -> Result {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "sandbox")
        logger.logLevel = .critical
        let server = SandboxServer(
            configuration: SandboxConfiguration(
                port: 0, dataDirectory: folder, speed: 4, seed: 7, ffmpegPath: folder + "/none",
                hasServiceAccount: true),
            logger: logger, now: { clock.now.milliseconds }, onServerRunning: { continuation.yield($0) })
        let group = ServiceGroup(services: [server], logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            guard let port = await ports.first(where: { _ in true }) else { throw CancellationError() }
            do {
                let result = try await work("http://127.0.0.1:\(port)")
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
    }

    private init(
        _ dialect: Dialect, _ provider: any VideoProvider, _ environment: Environment, _ clock: ManualClock,
        _ url: String, _ priceMicros: Int64
    ) async throws {
        self.provider = provider
        self.clock = clock
        self.url = url
        let database = try SQLiteDatabase.memory(clock: { clock.now })
        _ = try await Migrator(Schema.migrations).migrate(database)
        engine = Engine(
            database: database, blobs: MemoryBlobStore(), providers: ProviderDirectory(["sandbox": provider]),
            environment: environment, logger: Logger(label: "drops", factory: { _ in SwiftLogNoOpLogHandler() }),
            fanOutWidth: 16)
        let operators = OperatorService(engine)
        let model = VideoModel(
            id: Self.model, displayName: "Model", unitPrice: Credits(micros: priceMicros), minBatch: 1,
            maxBatch: 10_000, seconds: [4], sizes: ["1280x720"], slaSeconds: 600, deadlineSeconds: 900,
            route: ProviderRoute(
                provider: "sandbox", model: dialect.upstream, maxInFlight: 250, createsPerMinute: 6_000),
            unknownCreatePolicy: dialect.policy)
        _ = try await operators.apply(Catalogue(models: [model], packages: []))
        organization = try await operators.createOrganization(named: "Studio").organization
    }

    /// Creates a batch and lets time pass until it has ended.
    func run(_ prompts: [String], secondsMax: Int) async throws -> Batch {
        let batches = BatchService(engine)
        let draft = BatchDraft(
            requestID: "drops", model: Self.model, tasks: prompts.map { TaskDraft(prompt: $0) })
        var batch = try await batches.create(draft, for: organization).batch
        let workers: [any Worker] = [
            Dispatcher(engine), Poller(engine), Watcher(engine), Archiver(engine), Reconciler(engine), Sweeper(engine),
            Settler(engine),
        ]
        for _ in 0..<secondsMax where batch.finishedAt == nil {
            for worker in workers { _ = try await worker.step() }
            clock.advance(milliseconds: 1_000)
            batch = try await batches.batch(batch.id, of: organization)
        }
        return batch
    }

    /// Orders a fault of the sandbox, or reads what it has counted.
    func sandbox(_ path: String, order body: String? = nil) async throws -> Data {
        var request = HTTPClientRequest(url: url + "/_sandbox/" + path)
        request.headers.add(name: "Authorization", value: "Bearer sandbox")
        if let body {
            request.method = .POST
            request.body = .bytes(ByteBuffer(string: body))
        }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        return Data((try await answer.body.collect(upTo: 1 << 22)).readableBytesView)
    }
}
