import RushesCore
import RushesDatabase

/// The statements of one transaction, on the connection that runs it.
final class PostgresTransaction: SQLTransaction {
    private let connection: PostgresConnection
    let now: Timestamp
    /// True when BEGIN still has to be sent: a read sends it together with its first query.
    private var isReadToBegin: Bool

    /// A read-only transaction that begins with its first query.
    init(reading connection: PostgresConnection, now: Timestamp) {
        self.connection = connection
        self.now = now
        isReadToBegin = true
    }

    /// A transaction that has begun.
    init(writing connection: PostgresConnection, now: Timestamp) {
        self.connection = connection
        self.now = now
        isReadToBegin = false
    }

    /// True when the server has a transaction open for it.
    var hasBegun: Bool { !isReadToBegin }

    var dialect: SQLDialect { SQLDialect(.postgres) }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
        guard isReadToBegin else { return try connection.execute(sql, values).rows(sql) }
        var rows: [SQLRow] = []
        isReadToBegin = false
        try connection.pipeline([(Self.beginReading, []), (sql, values)]) { index, answer throws(DatabaseError) in
            if index == 1 { rows = try answer.rows(sql) }
        }
        return rows
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        try connection.execute(sql, values).affected
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] {
        try connection.executeMany(sql, rows)
    }

    func updateMany(_ update: RowUpdate, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Bool] {
        try connection.updateMany(update, rows)
    }

    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        try connection.bulkInsert(table, columns, rows)
    }

    /// One snapshot for all queries of a read.
    private static let beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
}
