/// One connection driven by a database's own interface, with no code of ours between: the ceilings.
protocol PlainConnection: AnyObject {
    /// The ways of adding many rows that this database has, the goal's one last.
    static var bulkWays: [BulkWay] { get }
    /// How a statement names the tasks that it writes.
    static var form: PathWrites.Form { get }

    /// All rows of a query, as text.
    func rows(_ sql: String) throws -> [[String]]
    /// Runs statements one after the other, in as few round trips as can be.
    func run(_ statements: [String]) throws
    /// Adds the tasks of a batch in the transaction that is open.
    func insertTasks(of batch: PlainBatch, by way: BulkWay) throws
    /// Writes one stage of a group of tasks in one durable transaction.
    func commit(_ stage: PathWrites.Stage, for tasks: [String]) throws
    /// Runs prepared statements in one durable transaction, in one round trip.
    func commit(_ executions: [PlainExecution]) throws
    /// Adds rows to `bench_row`, each in a durable transaction of its own.
    func commitSingleRows(_ count: Int) throws
    /// Does what the database's own upkeep does between commits.
    func tidy() throws
}

/// One execution of a statement, and the rows that it must change.
struct PlainExecution {
    let sql: String
    let values: [String]
    let rows: Int?

    init(_ sql: String, _ values: [String] = [], rows: Int? = nil) {
        self.sql = sql
        self.values = values
        self.rows = rows
    }

    /// Rows added to a table by one statement.
    static func inserting(_ rows: [[String]], into table: String, _ columns: String) -> PlainExecution {
        var next = 0
        let places = rows.map { row in
            let place = row.indices.map { "$\(next + $0 + 1)" }.joined(separator: ", ")
            next += row.count
            return "(\(place))"
        }
        return PlainExecution(
            "INSERT INTO \(table) (\(columns)) VALUES \(places.joined(separator: ", "))", rows.flatMap(\.self),
            rows: rows.count)
    }
}

/// How many rows are added at once.
enum BulkWay: String, Sendable {
    /// INSERT by prepared statements.
    case insert = "plain insert"
    /// PostgreSQL's COPY.
    case copy = "COPY"
}

extension PlainConnection {
    /// Makes the table of `commitSingleRows`.
    func prepareSingleRows() throws {
        try run(["CREATE TABLE bench_row (id BIGINT PRIMARY KEY, body TEXT NOT NULL)"])
    }

    /// Runs statements in one durable transaction.
    func transaction(_ statements: [String]) throws {
        try run(["BEGIN"] + statements + ["COMMIT"])
    }
}

extension String {
    /// As a literal of SQL.
    var quoted: String { "'" + replacing("'", with: "''") + "'" }
}

/// A database said no to plain SQL: the benchmark is wrong, or the disk is full.
struct PlainSQLError: Error, CustomStringConvertible {
    let message: String
    let sql: String
    var description: String { "\(message) in: \(sql.prefix(500))" }
}
