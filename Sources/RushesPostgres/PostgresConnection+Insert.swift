import RushesDatabase

extension PostgresConnection {
    /// Fewer rows than this go with the next round trip; a COPY needs some of its own, and costs less for each row.
    private static var rowsPerCopyMin: Int { 64 }

    /// Inserts rows: by COPY when there are many, else with the next round trip.
    ///
    /// - Throws: `DatabaseError`.
    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        if rows.count < Self.rowsPerCopyMin {
            return try enqueue(
                RowInsertion.all(of: rows, into: table, columns, SQLDialect(.postgres)).map { insertion, values in
                    (text(of: insertion), values)
                })
        }
        for row in rows where row.count != columns.count {
            throw DatabaseError(.invalidStatement, "\(row.count) values for \(columns.count) columns of \(table)")
        }
        try copy("COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN", rows)
    }

    private func text(of insertion: RowInsertion) -> String {
        if let known = insertions[insertion] { return known }
        let text = insertion.sql
        insertions[insertion] = text
        return text
    }
}
