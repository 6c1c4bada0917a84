import RushesDatabase
import RushesPostgres
import RushesSQLite

/// Makes new empty databases of one kind.
struct BenchDatabases: Sendable {
    let kind: DatabaseKind
    let folder: BenchFolder
    /// The address of a PostgreSQL database on which others may be made.
    let server: String?

    /// Makes a database; the name is used once in a run.
    func make(_ name: String) async throws -> BenchDatabase {
        switch kind {
        case .sqlite: return try .file(folder.path(of: name + ".sqlite"))
        case .postgres:
            guard let server else { throw DatabaseError(.unavailable, "RUSHES_TEST_POSTGRES names no server") }
            return try await .new("rushes_bench_\(folder.processIdentifier)_\(name)", on: server)
        }
    }

    /// Makes a database, hands it to `work`, and removes it.
    func with<Result>(_ name: String, _ work: (BenchDatabase) async throws -> Result) async throws -> Result {
        let database = try await make(name)
        do {
            let result = try await work(database)
            try await database.remove()
            return result
        } catch {
            try? await database.remove()  // The first error is the one that tells.
            throw error
        }
    }
}

/// One database of this run: through our driver, and by its own interface.
struct BenchDatabase: Sendable {
    private enum Place {
        case file(SQLiteDatabase, path: String)
        case server(PostgresDatabase, name: String, maintenance: String)
    }

    private let place: Place
    /// Its address, for other processes; nil for a file, which is opened by one.
    let url: String?

    static func file(_ path: String) throws -> BenchDatabase {
        let now = BenchEnvironment.now
        let database = try SQLiteDatabase.file(path, clock: now) { error in
            StandardError.write("rushes-bench: checkpoint failed: \(error)")
        }
        return BenchDatabase(place: .file(database, path: path), url: nil)
    }

    static func new(_ name: String, on maintenance: String) async throws -> BenchDatabase {
        try await PostgresMaintenance.run("DROP DATABASE IF EXISTS \(name)", on: maintenance)
        try await PostgresMaintenance.run("CREATE DATABASE \(name)", on: maintenance)
        let url = maintenance.replacing(/\/[^\/?]*(\?|$)/, with: { "/" + name + $0.1 })
        let database = try await open(url)
        return BenchDatabase(place: .server(database, name: name, maintenance: maintenance), url: url)
    }

    /// Opens a database on a server as a node does.
    static func open(_ url: String) async throws -> PostgresDatabase {
        try await PostgresDatabase.open(PostgresSettings(url: url, applicationName: "rushes-bench")) { _ in }
    }

    /// Through our driver.
    var port: any Database {
        switch place {
        case .file(let database, _): database
        case .server(let database, _, _): database
        }
    }

    /// Commits of our driver so far.
    var commits: Int {
        switch place {
        case .file(let database, _): database.commits
        case .server(let database, _, _): database.statistics.commits
        }
    }

    /// By its own interface.
    func plain() throws -> any PlainConnection {
        switch place {
        case .file(_, let path): try PlainSQLite(path)
        case .server: try PlainPostgres(url ?? "")
        }
    }

    /// Closes it; what it holds goes, on a server now, in a folder with the folder.
    func remove() async throws {
        switch place {
        case .file(let database, _): try await database.close()
        case .server(let database, let name, let maintenance):
            await database.close()
            try await PostgresMaintenance.run("DROP DATABASE \(name) WITH (FORCE)", on: maintenance)
        }
    }
}
