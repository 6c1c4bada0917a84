import GRDBSQLite

/// SQLite's own interface with the settings of our driver.
final class PlainSQLite: PlainConnection {
    static let bulkWays = [BulkWay.insert]
    static let form = PathWrites.Form.eachTask
    /// More rows in a statement are no faster.
    private static let rowsPerInsert = 64

    private let connection: OpaquePointer
    private var statements: [String: PlainStatement] = [:]
    private var singleRows = 0

    init(_ path: String) throws {
        var opened: OpaquePointer?
        guard sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK, let opened else {
            throw PlainSQLError(message: "cannot open \(path)", sql: "")
        }
        connection = opened
        // The file is in WAL mode already, and the schema is ours.
        try run([
            "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON", "PRAGMA recursive_triggers = ON",
            "PRAGMA wal_autocheckpoint = 0",
        ])
    }

    deinit {
        statements = [:]
        sqlite3_close_v2(connection)
    }

    func rows(_ sql: String) throws -> [[String]] { try prepared(sql).rows() }

    func run(_ statements: [String]) throws {
        for sql in statements {
            guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
                throw PlainSQLError(message: String(cString: sqlite3_errmsg(connection)), sql: sql)
            }
        }
    }

    func insertTasks(of batch: PlainBatch, by way: BulkWay) throws {
        for start in stride(from: 0, to: batch.tasks.count, by: Self.rowsPerInsert) {
            let rows = batch.taskRows(start..<min(start + Self.rowsPerInsert, batch.tasks.count))
            let insert = PlainExecution.inserting(rows, into: "task", PlainBatch.taskColumns)
            try prepared(insert.sql).run(insert.values, changing: insert.rows)
        }
    }

    func commit(_ stage: PathWrites.Stage, for tasks: [String]) throws {
        let statements = try stage.perTask.map(prepared)
        try prepared("BEGIN IMMEDIATE").run()
        for task in tasks { for statement in statements { try statement.runOnOneRow(task) } }
        for sql in stage.perGroup { try prepared(sql).runOnOneRow() }
        try prepared("COMMIT").run()
    }

    func commit(_ executions: [PlainExecution]) throws {
        try prepared("BEGIN IMMEDIATE").run()
        for execution in executions { try prepared(execution.sql).run(execution.values, changing: execution.rows) }
        try prepared("COMMIT").run()
    }

    func commitSingleRows(_ count: Int) throws {
        let insert = try prepared("INSERT INTO bench_row (id, body) VALUES (?, ?)")
        for _ in 0..<count {
            singleRows += 1
            try insert.run(singleRows, "a row of some length, as a freeze has")
        }
    }

    /// Copies the log into the file, as our driver does between commits.
    func tidy() throws {
        guard sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil) == SQLITE_OK else {
            throw PlainSQLError(message: String(cString: sqlite3_errmsg(connection)), sql: "checkpoint")
        }
    }

    private func prepared(_ sql: String) throws -> PlainStatement {
        if let known = statements[sql] { return known }
        var pointer: OpaquePointer?
        guard sqlite3_prepare_v3(connection, sql, -1, 1, &pointer, nil) == SQLITE_OK, let pointer else {
            throw PlainSQLError(message: String(cString: sqlite3_errmsg(connection)), sql: sql)
        }
        let statement = PlainStatement(pointer, connection, sql)
        statements[sql] = statement
        return statement
    }
}
