/// An UPDATE of many rows of one table, each found by its key and by what it was when it was read: compare-and-swap of
/// a whole group. No two of the rows have the same key.
package struct RowUpdate: Sendable {
    /// A column with a value for each row.
    package struct Column: Sendable {
        /// Its name.
        package let name: String
        /// What it holds.
        package let type: Kind
        /// True when NULL stands for the value that the row has: it is then not changed, or not compared.
        package let skipsNull: Bool

        /// The two types of the schema.
        package enum Kind: String, Sendable {
            case integer = "BIGINT"
            case text = "TEXT"
        }

        /// A column from its parts.
        package init(_ name: String, _ type: Kind, skipsNull: Bool = false) {
            self.name = name
            self.type = type
            self.skipsNull = skipsNull
        }

        /// What the column is set to, or compared with, when a row's value is `value`.
        package func value(_ value: String, of table: String) -> String {
            skipsNull ? "COALESCE(\(value), \(table).\(name))" : value
        }
    }

    /// The table.
    package let table: String
    /// The columns that are set; one at least.
    package let changes: [Column]
    /// The columns that a row must match; the first one is its key.
    package let conditions: [Column]
    /// What every row must fulfil besides.
    package let filter: String?

    /// An update from its parts.
    package init(_ table: String, set changes: [Column], where conditions: [Column], and filter: String? = nil) {
        self.table = table
        self.changes = changes
        self.conditions = conditions
        self.filter = filter
    }

    /// The statement for one row: first the changes, then the conditions.
    package var statement: String {
        func equal(_ column: Column, _ number: Int) -> String {
            "\(column.name) = \(column.value("$\(number)", of: table))"
        }
        let sets = changes.enumerated().map { equal($1, $0 + 1) }
        let tests = conditions.enumerated().map { equal($1, changes.count + $0 + 1) } + (filter.map { [$0] } ?? [])
        return "UPDATE \(table) SET \(sets.joined(separator: ", ")) WHERE \(tests.joined(separator: " AND "))"
    }
}

extension SQLTransaction {
    /// One statement for each row, in their order; what is fastest in a process of one's own.
    ///
    /// - Throws: `DatabaseError`.
    package func updateMany(_ update: RowUpdate, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Bool] {
        try executeMany(update.statement, rows).map { $0 == 1 }
    }
}
