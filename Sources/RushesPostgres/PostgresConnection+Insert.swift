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
                    (insertions.text(of: insertion), values)
                })
        }
        try RowInsertion.requireValues(rows, for: columns, of: table)
        try copy("COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN", rows)
    }
}
