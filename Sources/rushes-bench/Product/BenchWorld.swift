import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesSQLite
import RushesSimulation
import RushesStore

/// One installation on a database file: an organization with one large lot, a provider without delay, blobs in memory.
struct BenchWorld {
    let organization: OrganizationID
    let engine: Engine
    let commits: CommitCounter
    let file: String
    private let database: SQLiteDatabase

    var environment: RushesEngine.Environment { engine.environment }

    /// Makes a database file with the newest schema.
    static func make(_ name: String, in folder: BenchFolder) async throws -> BenchWorld {
        let environment = RushesEngine.Environment.bench
        let file = folder.path(of: name + ".sqlite")
        let database = try SQLiteDatabase.file(file, clock: environment.now) { error in
            StandardError.write("rushes-bench: checkpoint failed: \(error)")
        }
        _ = try await Migrator(Schema.migrations).migrate(database)
        let commits = CommitCounter(database)
        let engine = Engine(
            database: commits, blobs: MemoryBlobStore(),
            providers: ProviderDirectory([model.route.provider: BenchProvider()]), environment: environment,
            logger: Logger(label: "bench", factory: { _ in SwiftLogNoOpLogHandler() }))
        let operators = OperatorService(engine)
        _ = try await operators.apply(Catalogue(models: [model], packages: []))
        let organization = try await operators.createOrganization(named: "Studio").organization
        _ = try await operators.confirmPurchase(.topup(Credits(micros: lot)), for: organization, reference: "bench")
        return BenchWorld(
            organization: organization, engine: engine, commits: commits, file: file, database: database)
    }

    func close() async throws {
        try await database.close()
    }

    /// The name of the one lot.
    func lotID() async throws -> String {
        let organization = organization
        return try await database.read { reader in
            try reader.drawableLots(of: organization).first?.id.rawValue ?? ""
        }
    }

    /// Lines of the ledger and headers, for one batch.
    func ledgerRows(of batch: BatchID) async throws -> (lines: Int, transactions: Int) {
        try await database.read { reader in
            let rows = try reader.query(
                "SELECT COUNT(*), COALESCE(SUM(entry_count), 0) FROM ledger_transaction WHERE batch_id = $1",
                [.text(batch.rawValue)])
            return (try rows[0].int(1), try rows[0].int(0))
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

    /// Prompts of 200 bytes, as a customer's sheet has them.
    static func drafts(_ count: Int) -> [TaskDraft] {
        (0..<count).map { index in TaskDraft(prompt: prompt(index)) }
    }

    static func prompt(_ index: Int) -> String {
        let start = "video \(index): a lighthouse at dusk, "
        return start + String(repeating: "x", count: 200 - start.utf8.count)
    }
}
