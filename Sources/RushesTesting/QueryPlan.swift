package import RushesDatabase

/// How a database would execute a statement: the lines of its EXPLAIN.
package struct QueryPlan: Sendable {
    /// The statement.
    package let sql: String
    /// The plan's lines.
    package let lines: [String]
    private let dialect: SQLDialect

    /// Tables that stay small whatever history there is, so that reading them whole is right.
    private static let smallTables: Set<String> = [
        "lane", "provider_account", "catalogue", "waiting", "CONSTANT",
        // A row for each organization with endpoints.
        "webhook_cursor", "c",
    ]
    /// Indexes that hold open work only, so that reading them whole is right.
    private static let workIndexes: Set<String> = [
        "batch_dispatch", "batch_demand", "batch_settle", "batch_window", "batch_cancelled", "hold_open", "task_due",
        "task_again", "task_deadline", "attempt_slot", "attempt_watch", "adjustment_proposed", "batch_open",
        "webhook_endpoint_due", "webhook_delivery_lease", "webhook_endpoint_moving", "webhook_endpoint_probe",
        "webhook_recovery_open",
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
        // The rows of a part of the statement itself, whose own lines stand there too.
        let parts = lines.filter { $0.hasPrefix("CO-ROUTINE") || $0.hasPrefix("MATERIALIZE") }
            .compactMap { $0.split(separator: " ").last.map(String.init) }
        return lines.filter { line in
            let words = line.split(separator: " ").map(String.init)
            if words.first == "SCAN" {
                return words.count < 2 || !Self.smallTables.union(parts).contains(words[1])
            }
            return line.contains("TEMP B-TREE")
        }
    }

    private var growthOnPostgres: [String] {
        lines.enumerated().filter { index, line in
            let words = line.split(separator: " ").map(String.init)
            // An incremental sort orders the few rows of one key at a time.
            if words.contains("Sort"), !words.contains("Incremental"), !words.contains("Key:") {
                return lines.dropFirst(index).first { $0.contains("Scan") }.map { !Self.isSmall($0) } ?? true
            }
            guard let on = words.firstIndex(of: "on"), on + 1 < words.count, words.contains("Scan") else {
                return false
            }
            if Self.isSmall(line) { return false }
            if words.contains("Seq") { return true }
            // It reads what the scans below it have found.
            if words.contains("Heap") || words.contains("Subquery") { return false }
            let isBounded = lines.dropFirst(index + 1).prefix { !$0.contains("Scan") }
                .contains { $0.contains("Index Cond") }
            return !isBounded
        }.map(\.element)
    }

    /// True for a line that reads what stays small: a small table, or an index of open work.
    private static func isSmall(_ line: String) -> Bool {
        line.split(separator: " ").contains { smallTables.contains(String($0)) || workIndexes.contains(String($0)) }
    }
}
