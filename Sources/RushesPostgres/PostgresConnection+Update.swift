import RushesDatabase

extension PostgresConnection {
    private static var rowsPerUpdate: Int { 500 }
    /// Fewer rows than this are updated one by one in a pipeline.
    private static var rowsPerArrayMin: Int { 8 }

    /// Updates rows by one statement over arrays, a parameter for each column: the server then parses, plans and
    /// answers once for all of them.
    ///
    /// - Throws: `DatabaseError`.
    func updateMany(_ update: RowUpdate, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Bool] {
        guard rows.count >= Self.rowsPerArrayMin else {
            return try executeMany(update.statement, rows).map { $0 == 1 }
        }
        var won: [Bool] = []
        won.reserveCapacity(rows.count)
        var start = 0
        while start < rows.count {
            let part = rows[start..<min(start + Self.rowsPerUpdate, rows.count)]
            won += try updateTogether(update, part)
            start += part.count
        }
        return won
    }

    private func updateTogether(
        _ update: RowUpdate, _ rows: ArraySlice<[SQLValue]>
    ) throws(DatabaseError) -> [Bool] {
        // Of two rows with one key the first may win, as when each had a statement of its own.
        var first: Set<SQLValue> = []
        let key = update.changes.count
        let isFirst = rows.map { first.insert($0[key]).inserted }
        let distinct = zip(rows, isFirst).filter(\.1).map(\.0)
        let columns = update.changes.count + update.conditions.count
        let arrays = (0..<columns).map { column in ArrayText.of(distinct, column) }
        var changed: Set<SQLValue> = []
        for row in try execute(update.arrayStatement, arrays).rows(update.table) { changed.insert(row.values[0]) }
        return zip(rows, isFirst).map { row, isFirst in isFirst && changed.contains(row[key]) }
    }
}

extension RowUpdate {
    /// The statement for all rows; answers the keys of those that were changed.
    fileprivate var arrayStatement: String {
        let all = changes.map { ("new_" + $0.name, $0) } + conditions.map { ("old_" + $0.name, $0) }
        let arrays = all.enumerated().map { "CAST($\($0 + 1) AS \($1.1.type.rawValue)[])" }
        let names = all.map(\.0)
        let sets = changes.map { "\($0.name) = \($0.value("fresh.new_" + $0.name, of: table))" }
        let tests = conditions.map { "\(table).\($0.name) = \($0.value("fresh.old_" + $0.name, of: table))" }
        return """
            UPDATE \(table) SET \(sets.joined(separator: ", "))
            FROM unnest(\(arrays.joined(separator: ", "))) AS fresh (\(names.joined(separator: ", ")))
            WHERE \((tests + (filter.map { [$0] } ?? [])).joined(separator: " AND "))
            RETURNING \(table).\(conditions[0].name)
            """
    }
}
