import GRDB
import RushesCore
import RushesDatabase
import Synchronization

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
        for (insertion, values) in try RowInsertion.all(of: rows, into: table, columns, dialect) {
            let sql = Self.insertions.withLock { $0.text(of: insertion) }
            let statement = try prepare(sql) { PreparedStatement(numbered: $0, on: $1) }
            defer { statement.reset() }
            try statement.bind(values)
            _ = try statement.run()
        }
    }

    private static let insertions = Mutex(InsertionTexts())

    private func prepare(
        _ sql: String,
        _ wrap: (OpaquePointer, OpaquePointer?) throws -> PreparedStatement = { try PreparedStatement($0, on: $1) }
    ) throws(RushesDatabase.DatabaseError) -> PreparedStatement {
        do {
            let statement = try connection.cachedStatement(sql: sql)
            return try wrap(statement.sqliteStatement, connection.sqliteConnection)
        } catch {
            throw RushesDatabase.DatabaseError(sqlite: error)
        }
    }
}
