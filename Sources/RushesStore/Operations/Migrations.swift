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

extension SQLTransaction {
    /// True when the database takes no writes although the transaction could begin: it was set to read-only, or became
    /// a standby.
    package func refusesWrites() throws(DatabaseError) -> Bool {
        switch dialect.name {
        case .sqlite: false  // There a write transaction cannot begin.
        case .postgres: try query("SELECT current_setting('transaction_read_only')", [])[0].text(0) == "on"
        }
    }
}
