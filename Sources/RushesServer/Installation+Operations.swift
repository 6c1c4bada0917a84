import Foundation
import Logging
import Metrics
import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
package import RushesWire

extension Installation {
    /// The steps of the schema, and which of them the database has.
    ///
    /// - Throws: `DatabaseError`.
    package func migrations() async throws -> MigrationsBody {
        let applied = try await engine.database.read { reader in try reader.appliedMigrations() }
        return MigrationsBody(
            version: applied.keys.max() ?? 0, known: Schema.migrations.count,
            data: Schema.migrations.map { step in
                MigrationBody(number: step.number, name: step.name, appliedAt: applied[step.number]?.rfc3339)
            })
    }

    /// Ends the leases of a process that was killed, where the lock says that this one is alone: other nodes hold
    /// leases of their own, and those of a dead one run out.
    func recover() async throws {
        guard settings.isAlone else { return }
        let open = try await engine.endLeasesOfFormerProcess()
        if open > 0 { engine.logger.notice("tasks of a former process are taken up", metadata: ["tasks": "\(open)"]) }
    }

    /// Verifies every invariant of money and state on live data, and that every asset's file is there, unless this
    /// machine does not see the folder of the videos; then the answer does not name that check.
    ///
    /// - Throws: `DatabaseError`, `BlobError`.
    package func check() async throws -> CheckBody {
        let found = try await InvariantSweep(engine.database).run().violations.map { violation in
            ViolationBody(
                invariant: violation.invariant.rawValue, subject: violation.subject, detail: violation.detail)
        }
        let seesVideos = FileManager.default.fileExists(atPath: settings.blobPath)
        let violations = found + (seesVideos ? try await missingVideos() : [])
        Meter(label: "rushes_check_violations").set(violations.count)
        return CheckBody(
            ok: violations.isEmpty,
            checked: Invariant.allCases.map(\.rawValue) + (seesVideos ? [Self.videoIsThere] : []),
            violations: violations)
    }

    private static var videoIsThere: String { "asset.video_is_there" }

    /// Assets whose file is gone or has another length, at most 1,000; read a page at a time.
    private func missingVideos() async throws -> [ViolationBody] {
        var missing: [ViolationBody] = []
        var last = ""
        while missing.count < 1_000 {
            let after = last
            let assets = try await engine.database.read { reader in try reader.assets(after: after, limit: 500) }
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
