import RushesDatabase

/// Statements that cannot be part of a transaction, such as making a database: for tests, restores and benchmarks.
package enum PostgresMaintenance {
    /// Runs statements on a connection of their own.
    ///
    /// - Throws: `DatabaseError`.
    package static func run(_ sql: String, on url: String) async throws {
        try await OneThread.run { () throws(DatabaseError) in
            let settings = PostgresSettings(url: url, applicationName: "rushes-maintenance")
            try PostgresConnection(settings, writes: true).run(sql)
        }
    }
}
