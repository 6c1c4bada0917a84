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
    /// Adds rows to `bench_row`, each in a durable transaction of its own.
    func commitSingleRows(_ count: Int) throws
    /// Does what the database's own upkeep does between commits.
    func tidy() throws
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
