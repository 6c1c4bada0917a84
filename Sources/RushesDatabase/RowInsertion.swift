/// A statement that inserts so many rows into a table.
///
/// To begin a statement costs a database more than to add a row by it: SQLite opens the table and all its indexes,
/// PostgreSQL makes its checks ready.
package struct RowInsertion: Hashable, Sendable {
    private let table: String
    private let columns: [String]
    private let rows: Int
    private let dialect: SQLDialect

    /// One statement's rows are at most so many.
    private static let rowsMax = 64

    /// Statements that together insert rows, with their values: a power of two of rows each, so that there are few
    /// different ones to prepare.
    ///
    /// - Throws: `DatabaseError` of kind `invalidStatement` when a row has not a value for each column.
    package static func all(
        of rows: [[SQLValue]], into table: String, _ columns: [String], _ dialect: SQLDialect
    ) throws(DatabaseError) -> [(insertion: RowInsertion, values: [SQLValue])] {
        try requireValues(rows, for: columns, of: table)
        var statements: [(insertion: RowInsertion, values: [SQLValue])] = []
        var left = rows[...]
        while !left.isEmpty {
            var count = 1
            while count * 2 <= min(left.count, rowsMax) { count *= 2 }
            let insertion = RowInsertion(table: table, columns: columns, rows: count, dialect: dialect)
            statements.append((insertion, left.prefix(count).flatMap(\.self)))
            left = left.dropFirst(count)
        }
        return statements
    }

    /// Refuses a row that has not a value for each column.
    ///
    /// - Throws: `DatabaseError` of kind `invalidStatement`.
    package static func requireValues(
        _ rows: [[SQLValue]], for columns: [String], of table: String
    ) throws(DatabaseError) {
        for row in rows where row.count != columns.count {
            throw DatabaseError(.invalidStatement, "\(row.count) values for \(columns.count) columns of \(table)")
        }
    }

    /// Its text, which takes time to make and is better kept; the parameters are those of one row after the other.
    fileprivate var sql: String {
        let places = (0..<rows).map { row in
            "(" + columns.indices.map { parameter(row * columns.count + $0 + 1) }.joined(separator: ", ") + ")"
        }
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES \(places.joined(separator: ", "))"
    }

    /// Without a name on SQLite, which goes through all names before one to find it.
    private func parameter(_ number: Int) -> String {
        switch dialect.name {
        case .sqlite: "?"
        case .postgres: "$\(number)"
        }
    }
}

/// The texts of statements that insert rows, each made once.
package struct InsertionTexts: Sendable {
    private var known: [RowInsertion: String] = [:]

    /// None yet.
    package init() {}

    /// A statement's text.
    package mutating func text(of insertion: RowInsertion) -> String {
        if let text = known[insertion] { return text }
        let text = insertion.sql
        known[insertion] = text
        return text
    }
}
