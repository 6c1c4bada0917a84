package import Logging
import RushesBlobs
import RushesCore
import RushesDatabase
package import RushesEngine
import RushesProviders
import RushesSQLite
import RushesStore
import RushesWire

/// One opened data directory: the lock, the database at the newest schema, the videos, the engine over them.
package struct Installation: Sendable {
    /// The engine.
    package let engine: Engine
    let directory: DataDirectory
    let database: SQLiteDatabase
    let accounts: ProviderAccounts
    private let lock: DataDirectoryLock

    /// What operators do.
    package var operators: OperatorService { OperatorService(engine) }

    /// Takes the lock, opens the database, brings it to the newest schema and fills an empty one with the catalogue.
    ///
    /// - Throws: `DataDirectoryError`, `DatabaseError`, `SchemaTooNew`, `BlobError`, `Refusal.invalidCatalogue`.
    package static func open(_ settings: ServerSettings, logger: Logger) async throws -> Installation {
        let directory = DataDirectory(settings.dataDirectory)
        let lock = try directory.lock()
        let environment = RushesEngine.Environment.process
        let database = try SQLiteDatabase.file(directory.databasePath, clock: environment.now) { error in
            logger.error("checkpoint failed", metadata: ["error": "\(error)"])
        }
        let applied = try await Migrator(Schema.migrations).migrate(database)
        if !applied.isEmpty { logger.info("database migrated", metadata: ["steps": "\(applied)"]) }
        logger.info("database opened", metadata: ["sqlite": "\(SQLiteDatabase.sqliteVersion)"])
        let accounts = ProviderAccounts(settings, environment: environment)
        let blobs = try await DiskBlobStore.open(directory.blobsPath, now: environment.now())
        let engine = Engine(
            database: database, blobs: blobs, providers: accounts.directory, environment: environment, logger: logger)
        let installation = Installation(
            engine: engine, directory: directory, database: database, accounts: accounts, lock: lock)
        try await installation.fillCatalogue(settings)
        try await installation.warnOfMissingAccounts()
        return installation
    }

    private init(
        engine: Engine, directory: DataDirectory, database: SQLiteDatabase, accounts: ProviderAccounts,
        lock: DataDirectoryLock
    ) {
        self.engine = engine
        self.directory = directory
        self.database = database
        self.accounts = accounts
        self.lock = lock
    }

    private func warnOfMissingAccounts() async throws {
        for model in try await operators.priceBook()?.catalogue.models ?? []
        where engine.providers.provider(for: model.route.lane) == nil {
            engine.logger.warning(
                "model waits: its provider account is not configured",
                metadata: ["model": "\(model.id)", "account": "\(model.route.provider)"])
        }
    }

    private func fillCatalogue(_ settings: ServerSettings) async throws {
        guard try await operators.priceBook() == nil else { return }
        let names = accounts.directory.names
        let isSandboxed = names.allSatisfy { accounts.directory.shownName(of: $0) == ProviderDirectory.sandboxName }
        _ = try await operators.apply(settings.catalogue ?? .builtIn(sandboxed: isSandboxed))
    }

    /// Closes the database and the connections to providers.
    ///
    /// - Throws: `DatabaseError`, `HTTPClientError`.
    package func close() async throws {
        try await accounts.connections.shutdown()
        try await database.close()
    }
}
