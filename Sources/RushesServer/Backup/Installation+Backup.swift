import Foundation
import Logging
import Metrics
import RushesCore
import RushesDatabase
import RushesEngine
import RushesPostgres
import RushesSQLite
import RushesStore
package import RushesWire

extension Installation {
    /// Dumps the database as it is at one moment, restores the dump elsewhere, and gives it its name only when
    /// everything in the copy holds. The server goes on meanwhile. Videos are not part of it.
    ///
    /// - Throws: `BackupFailure`, `DatabaseError`.
    package func backUp(_ request: BackupRequest) async throws -> BackupBody {
        guard request.path.hasPrefix("/") else { throw BackupFailure("\(request.path) is no absolute path") }
        let file = DumpFile(path: request.path)
        try file.begin()
        do {
            let body = try await verifiedDump(file, request.verifyURL)
            if body.ok { try file.publish(body) } else { file.abandon() }
            note(body)
            var answer = body
            answer.chainHeads = nil
            return answer
        } catch {
            file.abandon()
            throw error
        }
    }

    private func verifiedDump(_ file: DumpFile, _ verifyURL: String?) async throws -> BackupBody {
        let startedAt = engine.environment.now()
        let before = try await DumpContent.heads(of: engine.database)
        try await dump(to: file.partPath)
        try DumpFile.synchronize(file.partPath)
        let (bytes, sha256) = try DumpFile.digest(of: file.partPath)
        let moment = engine.environment.now()
        let check: (any Database) async throws -> (DumpContent, [String]) = { copy in
            (try await DumpContent.read(copy), try await DumpContent.lost(before, in: copy))
        }
        let (content, lost) =
            switch opened {
            case .sqlite: try await SQLiteDump.withCopy(of: file.partPath, at: moment, check)
            case .postgres(_, let address):
                try await PostgresDump(address: try verifyURL.map { url in try DatabaseAddress(url) } ?? address)
                    .withCopy(of: file.partPath, at: moment, check)
            }
        let problems = content.problems + lost
        return BackupBody(
            ok: problems.isEmpty, database: opened.kind, path: file.path, bytes: bytes, sha256: sha256,
            createdAt: startedAt.rfc3339,
            verifiedAt: problems.isEmpty ? engine.environment.now().rfc3339 : nil,
            schemaVersion: content.schemaVersion, counts: content.counts,
            chainHeads: content.heads.map(ChainHeadBody.init), checked: Invariant.allCases.map(\.rawValue),
            problems: problems)
    }

    private func dump(to path: String) async throws {
        switch opened {
        case .sqlite(let database): try await database.copy(into: path)
        case .postgres(let database, let address):
            try await PostgresDump(address: address).write(to: path, serverVersion: database.serverVersion)
        }
    }

    private func note(_ body: BackupBody) {
        if body.ok {
            let seconds = engine.environment.now().milliseconds / 1_000
            Gauge(label: "rushes_backup_last_verified_timestamp_seconds").record(seconds)
            engine.logger.notice(
                "backup verified", metadata: ["path": "\(body.path)", "bytes": "\(body.bytes)"])
        } else {
            engine.logger.error(
                "backup is not good", metadata: ["path": "\(body.path)", "problems": "\(body.problems.prefix(5))"])
        }
    }
}

extension OpenedDatabase {
    /// The kind of database, as a manifest names it.
    var kind: String {
        switch self {
        case .sqlite: SQLDialect.Name.sqlite.rawValue
        case .postgres: SQLDialect.Name.postgres.rawValue
        }
    }
}

extension DumpContent {
    /// What does not hold, a sentence each.
    var problems: [String] {
        violations.map { "\($0.invariant.rawValue): \($0.subject): \($0.detail)" }
    }
}
