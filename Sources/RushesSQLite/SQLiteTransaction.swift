import GRDB
import RushesCore
import RushesDatabase

/// The statements of one transaction, on the connection that runs it.
struct SQLiteTransaction: SQLTransaction {
    let connection: GRDB.Database
    let now: Timestamp
    /// True when statements that write are refused here, since the connection itself would take them.
    var onlyReads = false

    var dialect: SQLDialect { SQLDialect(.sqlite) }

    func query(_ sql: String, _ values: [SQLValue]) throws(RushesDatabase.DatabaseError) -> [SQLRow] {
        let statement = try prepare(sql)
        if onlyReads && !statement.onlyReads {
            throw RushesDatabase.DatabaseError(.unavailable, "a read cannot write: \(sql)")
        }
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.rows()
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(RushesDatabase.DatabaseError) -> Int {
        let statement = try prepare(sql)
        defer { statement.reset() }
        try statement.bind(values)
        return try statement.run()
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(RushesDatabase.DatabaseError) -> [Int] {
        let statement = try prepare(sql)
        var affected: [Int] = []
        affected.reserveCapacity(rows.count)
        for row in rows {
            defer { statement.reset() }
            try statement.bind(row)
            affected.append(try statement.run())
        }
        return affected
    }

    func bulkInsert(
        _ table: String, _ columns: [String], _ rows: [[SQLValue]]
    ) throws(RushesDatabase.DatabaseError) {
        let places = (1...columns.count).map { "$\($0)" }.joined(separator: ", ")
        let sql = "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(places))"
        _ = try executeMany(sql, rows)
    }

    private func prepare(_ sql: String) throws(RushesDatabase.DatabaseError) -> PreparedStatement {
        do {
            let statement = try connection.cachedStatement(sql: sql)
            return try PreparedStatement(statement.sqliteStatement, on: connection.sqliteConnection)
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
    }
}
