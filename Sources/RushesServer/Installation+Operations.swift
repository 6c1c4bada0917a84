import Logging
import RushesCore
import RushesDatabase
import RushesEngine
import RushesSQLite
import RushesStore
package import RushesWire

extension Installation {
    /// The steps of the schema, and which of them the database has.
    ///
    /// - Throws: `DatabaseError`.
    package func migrations() async throws -> MigrationsBody {
        let applied = try await database.read { reader in try reader.appliedMigrations() }
        return MigrationsBody(
            version: applied.keys.max() ?? 0, known: Schema.migrations.count,
            data: Schema.migrations.map { step in
                MigrationBody(number: step.number, name: step.name, appliedAt: applied[step.number]?.rfc3339)
            })
    }

    /// Ends the leases of a process that was killed: the lock says that this one is alone.
    func recover() async throws {
        let open = try await engine.endLeasesOfFormerProcess()
        if open > 0 { engine.logger.notice("tasks of a former process are taken up", metadata: ["tasks": "\(open)"]) }
    }

    /// Verifies every invariant of money and state on live data, and that every asset's file is there.
    ///
    /// - Throws: `DatabaseError`, `BlobError`.
    package func check() async throws -> CheckBody {
        let found = try await InvariantSweep(database).run().violations.map { violation in
            ViolationBody(
                invariant: violation.invariant.rawValue, subject: violation.subject, detail: violation.detail)
        }
        let missing = try await missingVideos()
        let violations = found + missing
        return CheckBody(
            ok: violations.isEmpty, checked: Invariant.allCases.map(\.rawValue) + [Self.videoIsThere],
            violations: violations)
    }

    private static var videoIsThere: String { "asset.video_is_there" }

    /// Assets whose file is gone or has another length, at most 1,000; read a page at a time.
    private func missingVideos() async throws -> [ViolationBody] {
        var missing: [ViolationBody] = []
        var last = ""
        while missing.count < 1_000 {
            let after = last
            let assets = try await database.read { reader in try reader.assets(after: after, limit: 500) }
            for asset in assets {
                let length = try await engine.blobs.length(of: BlobKey(asset.blobKey))
                if length == asset.bytes { continue }
                missing.append(
                    ViolationBody(
                        invariant: Self.videoIsThere, subject: asset.id.rawValue,
                        detail: "bytes \(asset.bytes), the file has \(length.map(String.init) ?? "nothing")"))
            }
            guard let end = assets.last else { break }
            last = end.id.rawValue
        }
        return missing
    }
}
