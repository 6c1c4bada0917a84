import RushesDatabase

extension PostgresConnection {
    /// Fewer rows than this go with the next round trip; a COPY needs some of its own, and costs less for each row.
    private static var rowsPerCopyMin: Int { 64 }

    /// Inserts rows: by COPY when there are many, else with the next round trip.
    ///
    /// - Throws: `DatabaseError`.
    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        if rows.isEmpty { return }
        for row in rows where row.count != columns.count {
            throw DatabaseError(.invalidStatement, "\(row.count) values for \(columns.count) columns of \(table)")
        }
        if rows.count >= Self.rowsPerCopyMin {
            try copy("COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN", rows)
        } else {
            try enqueue(executions(inserting: rows, into: table, columns))
        }
    }

    /// Statements that insert a power of two of rows each, so that there are few different ones to prepare. The server
    /// makes a table's checks ready anew for each statement, which costs more than to check a row.
    private func executions(
        inserting rows: [[SQLValue]], into table: String, _ columns: [String]
    ) -> [Execution] {
        var executions: [Execution] = []
        var left = rows[...]
        while !left.isEmpty {
            var count = 1
            while count * 2 <= left.count { count *= 2 }
            let insertion = Insertion(table: table, columns: columns, rows: count)
            let sql = insertions[insertion] ?? insertion.sql
            insertions[insertion] = sql
            executions.append((sql, left.prefix(count).flatMap(\.self)))
            left = left.dropFirst(count)
        }
        return executions
    }
}

/// A statement that inserts so many rows.
struct Insertion: Hashable {
    let table: String
    let columns: [String]
    let rows: Int

    /// Its text, with the parameters of one row after the other.
    var sql: String {
        let width = columns.count
        let places = (0..<rows).map { row in
            "(" + (1...width).map { "$\(row * width + $0)" }.joined(separator: ", ") + ")"
        }
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES \(places.joined(separator: ", "))"
    }
}
