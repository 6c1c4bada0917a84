import Foundation
import RushesCore
import RushesDatabase
import RushesPostgres

/// Dumps and restores of a PostgreSQL database by its own programs.
struct PostgresDump: Sendable {
    let address: DatabaseAddress

    /// Writes a dump of one snapshot; rights and owners stay out, so that it restores under any role.
    ///
    /// - Throws: `BackupFailure`.
    func write(to path: String, serverVersion: String) async throws {
        try await requireTools(for: serverVersion)
        _ = try await run(
            "pg_dump",
            [
                "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s", "--file=\(path)",
                "--dbname=\(address.withoutPassword)",
            ])
    }

    /// Fills an empty database from a dump, all of it or nothing.
    ///
    /// - Throws: `BackupFailure`.
    func restore(_ path: String) async throws {
        _ = try await run(
            "pg_restore",
            [
                "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges",
                "--dbname=\(address.withoutPassword)", path,
            ])
    }

    /// Restores a dump into a new database of this server, hands it to `body`, and drops it.
    ///
    /// - Parameter moment: the time that the copy's readers see: the dump's own.
    /// - Throws: `BackupFailure`, `DatabaseError`, or what `body` throws.
    func withCopy<Result>(
        of path: String, at moment: Timestamp, _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        let copy = PostgresDump(address: address.database(named: "rushes_verify_" + Self.randomName))
        let server = "--maintenance-db=\(address.withoutPassword)"
        do {
            _ = try await run("createdb", ["--encoding=UTF8", "--template=template0", server, copy.address.name])
        } catch let failure as BackupFailure {
            throw BackupFailure(
                "no database to verify in: \(failure); give the role CREATEDB, or another server with --verify-url")
        }
        do {
            try await copy.restore(path)
            let result = try await copy.opened(at: moment, body)
            try await drop(copy, server)
            return result
        } catch {
            try? await drop(copy, server)  // The first error is the one that tells.
            throw error
        }
    }

    /// Opens the database while `body` works with it.
    ///
    /// - Throws: `DatabaseError`, or what `body` throws.
    func opened<Result>(
        at moment: Timestamp?, _ body: (any Database) async throws -> Result
    ) async throws -> Result {
        var settings = PostgresSettings(url: address.reveal(), applicationName: "rushes backup")
        settings.writers = 1
        settings.readers = 1
        settings.statementTimeoutMilliseconds = 600_000
        let clock = moment.map { moment in { @Sendable in moment } }
        let database = try await PostgresDatabase.open(settings, clock: clock) { _ in }
        do {
            let result = try await body(database)
            await database.close()
            return result
        } catch {
            await database.close()
            throw error
        }
    }

    private func drop(_ copy: PostgresDump, _ server: String) async throws {
        _ = try await run("dropdb", ["--force", "--if-exists", server, copy.address.name])
    }

    /// A program older than the server cannot dump it, and says so only after it has begun.
    private func requireTools(for serverVersion: String) async throws {
        let words = try await run("pg_dump", ["--version"])
        let version = words.split(separator: " ").first { $0.first?.isNumber == true } ?? ""
        guard let own = Self.major(version), let wanted = Self.major(serverVersion[...]), own >= wanted else {
            throw BackupFailure(
                "pg_dump is version \(version), the server \(serverVersion): install its client programs")
        }
    }

    private static func major(_ version: Substring) -> Int? {
        version.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
    }

    private static var randomName: String {
        String(UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(12))
    }

    private func run(_ program: String, _ arguments: [String]) async throws -> String {
        try await ToolProcess.run(program, arguments, password: address.revealPassword())
    }
}
