import RushesCore
import RushesDatabase

/// The statements of one transaction, on the connection that runs it.
final class PostgresTransaction: SQLTransaction {
    private let connection: PostgresConnection
    let now: Timestamp

    /// A transaction that has begun, or whose BEGIN goes with its first statement.
    init(on connection: PostgresConnection, now: Timestamp) {
        self.connection = connection
        self.now = now
    }

    var dialect: SQLDialect { SQLDialect(.postgres) }

    func query(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> [SQLRow] {
        try connection.execute(sql, values).rows(sql)
    }

    func queries(_ questions: [SQLQuestion]) throws(DatabaseError) -> [[SQLRow]] {
        var answers: [[SQLRow]] = []
        try connection.pipeline(questions.map { ($0.sql, $0.values) }) { index, answer throws(DatabaseError) in
            answers.append(try answer.rows(questions[index].sql))
        }
        return answers
    }

    func execute(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        try connection.execute(sql, values).affected
    }

    func executeMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Int] {
        try connection.executeMany(sql, rows)
    }

    func enqueue(_ sql: String, _ values: [SQLValue]) throws(DatabaseError) {
        try connection.enqueue([(sql, values)])
    }

    func enqueueMany(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) {
        try connection.enqueue(rows.map { (sql, $0) })
    }

    func updateMany(_ update: RowUpdate, _ rows: [[SQLValue]]) throws(DatabaseError) -> [Bool] {
        try connection.updateMany(update, rows)
    }

    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        try connection.bulkInsert(table, columns, rows)
    }
}
