import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesStore

/// One installation on a new database: an organization with one large lot, a provider without delay.
struct BenchWorld: Sendable {
    let organization: OrganizationID
    /// The key of the organization.
    let key: String
    let engine: Engine
    let database: BenchDatabase

    var environment: RushesEngine.Environment { engine.environment }
    var batches: BatchService { BatchService(engine) }

    /// Brings a database to the newest schema and fills it with one model and one organization.
    static func make(
        on database: BenchDatabase, blobs: any BlobStore = MemoryBlobStore(),
        provider: any VideoProvider = BenchProvider()
    ) async throws -> BenchWorld {
        _ = try await Migrator(Schema.migrations).migrate(database.port)
        let engine = engine(on: database.port, blobs: blobs, provider: provider)
        _ = try await OperatorService(engine).apply(Catalogue(models: [model], packages: []))
        // Its provider takes as many polls as come.
        _ = try await OperatorService(engine).limitLane(
            model.route.lane, LaneLimits(maxInFlight: nil, createsPerMinute: nil),
            pollsPerMinute: Limits.laneCreatesPerMinuteMax)
        let (organization, key) = try await customer("Studio", of: engine)
        return BenchWorld(organization: organization, key: key, engine: engine, database: database)
    }

    /// The engine of one node on a database that is filled.
    static func engine(
        on database: any Database, blobs: any BlobStore = MemoryBlobStore(),
        provider: any VideoProvider = BenchProvider()
    ) -> Engine {
        Engine(
            database: database, blobs: blobs, providers: ProviderDirectory([model.route.provider: provider]),
            environment: BenchEnvironment.real,
            logger: Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    /// Adds an organization with one large lot.
    static func customer(_ name: String, of engine: Engine) async throws -> (organization: OrganizationID, key: String)
    {
        let operators = OperatorService(engine)
        let made = try await operators.createOrganization(named: name)
        _ = try await operators.confirmPurchase(
            .topup(Credits(micros: lot)), for: made.organization, reference: "bench-\(name)")
        return (made.organization, made.secret.text)
    }

    /// The name of the one lot.
    func lotID() async throws -> String {
        let organization = organization
        return try await database.port.read { reader in
            try reader.drawableLots(of: organization).first?.id.rawValue ?? ""
        }
    }

    /// Lines of the ledger for one batch.
    func ledgerLines(of batch: BatchID) async throws -> Int {
        try await database.port.read { reader in
            try reader.query(
                """
                SELECT CAST(COALESCE(SUM(entry_count), 0) AS BIGINT) FROM ledger_transaction WHERE batch_id = $1
                """, [.text(batch.rawValue)])[0].int(0)
        }
    }
}

extension BenchWorld {
    private static let lot: Int64 = 500_000_000_000

    /// A model whose lane never holds anybody back.
    static let model = VideoModel(
        id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 1, maxBatch: 10_000,
        seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120,
        route: ProviderRoute(provider: "bench", model: "sora-2", maxInFlight: 10_000, createsPerMinute: 1_000_000),
        unknownCreatePolicy: .resubmitOnce)

    /// A request for so many videos.
    static func draft(_ requestID: String, tasks: Int) -> BatchDraft {
        BatchDraft(requestID: requestID, model: model.id, tasks: drafts(tasks))
    }

    /// Prompts of 200 bytes, as a customer's sheet has them.
    static func drafts(_ count: Int) -> [TaskDraft] {
        (0..<count).map { index in TaskDraft(prompt: prompt(index)) }
    }

    static func prompt(_ index: Int) -> String {
        let start = "video \(index): a lighthouse at dusk, "
        return start + String(repeating: "x", count: 200 - start.utf8.count)
    }
}
