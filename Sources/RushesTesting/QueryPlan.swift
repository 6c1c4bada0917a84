package import RushesDatabase

/// How SQLite would execute a statement: the lines of EXPLAIN QUERY PLAN.
package struct QueryPlan: Sendable {
    /// The statement.
    package let sql: String
    /// The plan's lines.
    package let lines: [String]

    /// Tables that stay small whatever history there is, so that reading them whole is right.
    private static let smallTables: Set<String> = ["lane", "catalogue", "CONSTANT"]

    /// Asks the database for the plan of a statement.
    ///
    /// - Throws: `DatabaseError`.
    package init(of sql: String, _ values: [SQLValue], on database: any Database) async throws {
        self.sql = sql
        lines = try await database.read { reader in
            try reader.query("EXPLAIN QUERY PLAN " + sql, values).map { try $0.text(3) }
        }
    }

    /// What makes the statement slower as history grows: tables read from one end to the other, and sorted results.
    package var growth: [String] {
        lines.filter { line in
            let words = line.split(separator: " ").map(String.init)
            if words.first == "SCAN" { return words.count < 2 || !Self.smallTables.contains(words[1]) }
            return line.contains("TEMP B-TREE")
        }
    }
}
