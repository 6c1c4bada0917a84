import RushesCore

/// One named, ordered, immutable step of the schema; a released one is never edited.
package struct Migration: Sendable {
    /// The step's number; steps are applied in rising order without gaps, from 1.
    package let number: Int
    /// A short name for the log, in snake_case.
    package let name: String
    /// The statements, in the dialect that both databases share or chosen by dialect.
    package let statements: @Sendable (SQLDialect) -> [String]

    /// A step from its number, name and statements.
    package init(_ number: Int, _ name: String, _ statements: @escaping @Sendable (SQLDialect) -> [String]) {
        self.number = number
        self.name = name
        self.statements = statements
    }
}

/// Brings a database to the newest schema, one step per transaction.
package struct Migrator: Sendable {
    private let migrations: [Migration]

    /// A migrator for steps numbered 1, 2, 3 and so on.
    package init(_ migrations: [Migration]) {
        precondition(migrations.map(\.number) == Array(1...max(1, migrations.count)), "steps are numbered from 1")
        self.migrations = migrations
    }

    /// Applies what is missing and returns the names of the steps applied.
    ///
    /// - Throws: `SchemaTooNew` when the database was written by a newer program, or `DatabaseError`.
    package func migrate(_ database: any Database) async throws -> [String] {
        if try await !hasTable(database) {
            try await database.write { transaction in
                try transaction.lockSchema()
                try transaction.execute(transaction.dialect.migrationTable, [])
            }
        }
        var applied: [String] = []
        let current = try await version(of: database)
        guard current <= migrations.count else { throw SchemaTooNew(found: current, known: migrations.count) }
        for migration in migrations where migration.number > current {
            if try await apply(migration, to: database) { applied.append(migration.name) }
        }
        return applied
    }

    /// Whether the table of steps is there: a role that may not make tables starts on a schema that is up to date.
    private func hasTable(_ database: any Database) async throws -> Bool {
        try await database.read { reader in
            try !reader.query(reader.dialect.migrationTableLookup, []).isEmpty
        }
    }

    /// The number of the last step that the database has; 0 when it has none.
    ///
    /// - Throws: `DatabaseError`.
    package func version(of database: any Database) async throws -> Int {
        try await database.read { reader in
            let rows = try reader.query("SELECT COALESCE(MAX(number), 0) FROM schema_migration", [])
            return try rows[0].int(0)
        }
    }

    /// Applies a step unless another node has done so meanwhile.
    private func apply(_ migration: Migration, to database: any Database) async throws -> Bool {
        try await database.writeByKey { transaction in
            try transaction.lockSchema()
            let known = try transaction.query(
                "SELECT 1 FROM schema_migration WHERE number = $1", [.int(migration.number)])
            guard known.isEmpty else { return false }
            for statement in migration.statements(transaction.dialect) {
                try transaction.execute(statement, [])
            }
            try transaction.execute(
                "INSERT INTO schema_migration (number, name, applied_at) VALUES ($1, $2, $3)",
                [.int(migration.number), .text(migration.name), .integer(transaction.now.milliseconds)])
            return true
        }
    }
}

extension SQLTransaction {
    /// One node at a time changes the schema; on SQLite a write is alone already.
    fileprivate func lockSchema() throws(DatabaseError) {
        switch dialect.name {
        case .sqlite: return
        case .postgres: _ = try query("SELECT CAST(pg_advisory_xact_lock(7277831) AS TEXT)", [])
        }
    }
}

extension SQLDialect {
    fileprivate var migrationTable: String {
        """
        CREATE TABLE IF NOT EXISTS schema_migration (
          number BIGINT PRIMARY KEY, name \(text) NOT NULL, applied_at BIGINT NOT NULL
        )
        """
    }

    fileprivate var migrationTableLookup: String {
        switch name {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'"
        case .postgres: "SELECT 1 WHERE to_regclass('schema_migration') IS NOT NULL"
        }
    }
}

/// The database has steps that this program does not know: a newer program wrote it.
package struct SchemaTooNew: Error, Equatable, CustomStringConvertible {
    /// The last step in the database.
    package let found: Int
    /// The last step that this program knows.
    package let known: Int

    package var description: String {
        "the database has schema \(found), this program knows \(known): run the newer program"
    }
}
