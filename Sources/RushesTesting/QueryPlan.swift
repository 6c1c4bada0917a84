package import RushesDatabase

/// How a database would execute a statement: the lines of its EXPLAIN.
package struct QueryPlan: Sendable {
    /// The statement.
    package let sql: String
    /// The plan's lines.
    package let lines: [String]
    private let dialect: SQLDialect

    /// Tables that stay small whatever history there is, so that reading them whole is right.
    private static let smallTables: Set<String> = ["lane", "catalogue", "waiting", "CONSTANT"]
    /// Indexes that hold open work only, so that reading them whole is right.
    private static let workIndexes: Set<String> = [
        "batch_dispatch", "batch_demand", "batch_settle", "batch_window", "batch_cancelled", "hold_open", "task_due",
        "task_deadline",
        "attempt_slot", "attempt_watch",
    ]

    /// Which plans of PostgreSQL are looked at.
    package enum Choice: Sendable {
        /// The best plan that the indexes allow, whatever the sizes of a test's tables.
        case possible
        /// The plan that is really chosen for the tables as they are.
        case chosen
    }

    /// Asks the database for the plan of a statement.
    ///
    /// - Throws: `DatabaseError`.
    package init(
        of sql: String, _ values: [SQLValue], on database: any Database, _ choice: Choice = .possible
    ) async throws {
        self.sql = sql
        (dialect, lines) = try await database.read { reader in
            switch reader.dialect.name {
            case .sqlite:
                return (reader.dialect, try reader.query("EXPLAIN QUERY PLAN " + sql, values).map { try $0.text(3) })
            case .postgres:
                if choice == .possible {
                    for method in ["seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"] {
                        _ = try reader.query("SET LOCAL enable_\(method) = off", [])
                    }
                }
                return (
                    reader.dialect,
                    try reader.query("EXPLAIN (COSTS OFF) " + sql, values).map { try $0.text(0) }
                )
            }
        }
    }

    /// What makes the statement slower as history grows: tables read from one end to the other, and sorted results.
    package var growth: [String] {
        switch dialect.name {
        case .sqlite: growthOnSQLite
        case .postgres: growthOnPostgres
        }
    }

    private var growthOnSQLite: [String] {
        lines.filter { line in
            let words = line.split(separator: " ").map(String.init)
            if words.first == "SCAN" { return words.count < 2 || !Self.smallTables.contains(words[1]) }
            return line.contains("TEMP B-TREE")
        }
    }

    private var growthOnPostgres: [String] {
        lines.enumerated().filter { index, line in
            let words = line.split(separator: " ").map(String.init)
            // An incremental sort orders the few rows of one key at a time.
            if words.contains("Sort"), !words.contains("Incremental"), !words.contains("Key:") { return true }
            guard let on = words.firstIndex(of: "on"), on + 1 < words.count, words.contains("Scan") else {
                return false
            }
            if Self.smallTables.contains(words[on + 1]) { return false }
            if words.contains("Seq") { return true }
            let isBounded = lines.dropFirst(index + 1).prefix { !$0.contains("Scan") }
                .contains { $0.contains("Index Cond") }
            return !isBounded && !words.contains { Self.workIndexes.contains($0) }
        }.map(\.element)
    }
}
