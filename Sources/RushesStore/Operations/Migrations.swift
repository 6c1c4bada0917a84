package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// The steps that the database has, with the time at which each was applied.
    package func appliedMigrations() throws(DatabaseError) -> [Int: Timestamp] {
        var applied: [Int: Timestamp] = [:]
        for row in try query("SELECT number, applied_at FROM schema_migration ORDER BY number", []) {
            applied[try row.int(0)] = try row.time(1)
        }
        return applied
    }
}
