import Foundation
import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
package import RushesWire

/// Puts a dump back: into a scratch copy to prove that it could be, or into an empty installation.
package struct Restore: Sendable {
    private let settings: ServerSettings
    private let file: DumpFile
    private let verifyURL: String?

    /// The restore of a file for the installation of the settings.
    ///
    /// - Parameter verifyURL: a PostgreSQL server for the scratch copy; nil for the database's own.
    package init(_ path: String, settings: ServerSettings, verifyURL: String? = nil) {
        self.settings = settings
        file = DumpFile(path: path)
        self.verifyURL = verifyURL
    }

    /// Restores into a scratch copy, checks it, and removes it.
    ///
    /// - Throws: `BackupFailure`, `InvalidSetting`, `DatabaseError`.
    package func verify() async throws -> BackupBody {
        let manifest = try trustedManifest()
        let moment = try moment(of: manifest)
        let content =
            if manifest.database == SQLDialect.Name.sqlite.rawValue {
                try await SQLiteDump.withCopy(of: file.path, at: moment) { try await DumpContent.read($0) }
            } else {
                try await PostgresDump(address: try scratchServer()).withCopy(of: file.path, at: moment) {
                    try await DumpContent.read($0)
                }
            }
        return answer(content, manifest)
    }

    /// Restores into the installation of the settings, which is empty, and checks it there.
    ///
    /// - Throws: `BackupFailure`, `DataDirectoryError`, `DatabaseError`.
    package func restore() async throws -> BackupBody {
        let manifest = try trustedManifest()
        switch settings.database {
        case .sqlite: return try await restoreFile(manifest)
        case .postgres(let address, _, _): return try await restore(manifest, into: address)
        }
    }

    private func restoreFile(_ manifest: BackupBody) async throws -> BackupBody {
        try require(manifest, .sqlite)
        let directory = DataDirectory(settings.dataDirectory)
        let lock = try directory.lock()
        defer { withExtendedLifetime(lock) {} }
        guard !FileManager.default.fileExists(atPath: directory.databasePath) else {
            throw BackupFailure("\(settings.dataDirectory) has a database already; restore into an empty folder")
        }
        let part = directory.databasePath + ".part"
        unlink(part)
        try FileManager.default.copyItem(atPath: file.path, toPath: part)
        let content = try await SQLiteDump.opened(part, at: try moment(of: manifest)) { try await DumpContent.read($0) }
        let answer = answer(content, manifest)
        guard answer.ok else {
            unlink(part)
            return answer
        }
        try DumpFile.synchronize(part)
        guard rename(part, directory.databasePath) == 0 else {
            throw BackupFailure("cannot rename \(part): \(String(cString: strerror(errno)))")
        }
        try DumpFile.synchronize(directory.path)
        return answer
    }

    private func restore(_ manifest: BackupBody, into address: DatabaseAddress) async throws -> BackupBody {
        try require(manifest, .postgres)
        let dump = PostgresDump(address: address)
        let tables = try await dump.opened(at: nil) { database in
            try await database.read { reader in try reader.tableNames() }
        }
        guard tables.isEmpty else {
            throw BackupFailure("the database \(address.shown) has tables already; restore into an empty one")
        }
        try await dump.restore(file.path)
        let moment = try moment(of: manifest)
        let content = try await dump.opened(at: moment) { try await DumpContent.read($0) }
        return answer(content, manifest)
    }

    /// The manifest, when the dump is byte for byte what it describes and this program knows its schema.
    private func trustedManifest() throws -> BackupBody {
        let manifest = try file.manifest()
        let (bytes, sha256) = try DumpFile.digest(of: file.path)
        guard bytes == manifest.bytes, sha256 == manifest.sha256 else {
            throw BackupFailure(
                "\(file.path) is damaged: \(bytes) bytes with SHA-256 \(sha256), "
                    + "the manifest says \(manifest.bytes) and \(manifest.sha256)")
        }
        guard manifest.schemaVersion <= Schema.migrations.count else {
            throw BackupFailure(
                "the dump has schema \(manifest.schemaVersion), this program knows \(Schema.migrations.count): "
                    + "use the newer program")
        }
        return manifest
    }

    private func require(_ manifest: BackupBody, _ name: SQLDialect.Name) throws(BackupFailure) {
        guard manifest.database == name.rawValue else {
            throw BackupFailure(
                "\(file.path) is a dump of \(manifest.database), the installation is on \(name.rawValue)")
        }
    }

    private func scratchServer() throws -> DatabaseAddress {
        if let verifyURL { return try DatabaseAddress(verifyURL) }
        switch settings.database {
        case .postgres(let address, _, _): return address
        case .sqlite: throw BackupFailure("a dump of PostgreSQL is verified on a server: give --verify-url")
        }
    }

    /// The dump's own time, so that what was in time then is in time now.
    private func moment(of manifest: BackupBody) throws -> Timestamp {
        do {
            let date = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(manifest.createdAt)
            return Timestamp(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
        } catch {
            throw BackupFailure("\(file.manifestPath): created_at is no time: \(manifest.createdAt)")
        }
    }

    private func answer(_ content: DumpContent, _ manifest: BackupBody) -> BackupBody {
        let problems = content.problems + content.differences(from: manifest)
        var answer = manifest
        answer.ok = problems.isEmpty
        answer.problems = problems
        answer.path = file.path
        answer.verifiedAt = problems.isEmpty ? RushesEngine.Environment.process.now().rfc3339 : nil
        answer.counts = content.counts
        answer.schemaVersion = content.schemaVersion
        answer.chainHeads = nil
        return answer
    }
}
