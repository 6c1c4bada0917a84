import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesPostgres
import RushesSQLite
import RushesStore

/// The database of an installation, opened by the driver that it needs.
enum OpenedDatabase: Sendable {
    case sqlite(SQLiteDatabase)
    case postgres(PostgresDatabase, DatabaseAddress)

    /// What everything else works with.
    var port: any Database {
        switch self {
        case .sqlite(let database): database
        case .postgres(let database, _): database
        }
    }

    /// Host and database, or that it is a file.
    var place: String {
        switch self {
        case .sqlite: "sqlite"
        case .postgres(_, let address): address.shown
        }
    }

    func close() async throws {
        switch self {
        case .sqlite(let database): try await database.close()
        case .postgres(let database, _): await database.close()
        }
    }
}

extension OpenedDatabase {
    /// Opens the database of the settings and brings it to the newest schema.
    ///
    /// - Parameter patienceSeconds: how long a PostgreSQL that cannot be reached is waited for.
    /// - Throws: `StartFailure`, and on SQLite `DatabaseError`.
    static func open(
        _ settings: ServerSettings, environment: RushesEngine.Environment, logger: Logger, patienceSeconds: Int
    ) async throws -> OpenedDatabase {
        switch settings.database {
        case .sqlite:
            let file = DataDirectory(settings.dataDirectory).databasePath
            let database = try SQLiteDatabase.file(file, clock: environment.now) { error in
                logger.error("checkpoint failed", metadata: ["error": "\(error)"])
            }
            logger.info("database opened", metadata: ["sqlite": "\(SQLiteDatabase.sqliteVersion)"])
            let opened = OpenedDatabase.sqlite(database)
            try await opened.closedOnError { try await opened.migrate(logger) }
            return opened
        case .postgres(let address, let writers, let readers):
            let start = PostgresStart(
                address: address, writers: writers, readers: readers, environment: environment, logger: logger)
            return try await start.open(patienceSeconds: patienceSeconds)
        }
    }

    /// Brings the schema to the newest step. A database that has it already is only read, so that a server may run
    /// under a role that cannot change tables.
    func migrate(_ logger: Logger) async throws {
        do {
            let applied = try await Migrator(Schema.migrations).migrate(port)
            if !applied.isEmpty { logger.notice("database migrated", metadata: ["steps": "\(applied)"]) }
        } catch let error as SchemaTooNew {
            throw StartFailure(.lasting, "\(error)")
        }
    }

    /// Runs `body`; when it throws, the database is closed first.
    func closedOnError<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            try? await close()  // The first error is the one that tells.
            throw error
        }
    }
}
