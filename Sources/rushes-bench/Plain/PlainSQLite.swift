import GRDBSQLite

/// One connection driven through SQLite's own interface, with the settings of our driver: the ceiling.
final class PlainSQLite {
    private let connection: OpaquePointer

    init(_ path: String) throws {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE, nil)
        guard code == SQLITE_OK, let opened else { throw PlainSQLiteError(code: code, message: "cannot open \(path)") }
        connection = opened
        // The file is in WAL mode already, and the schema is ours.
        try execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON")
        try execute("PRAGMA wal_autocheckpoint = 0")
    }

    deinit {
        sqlite3_close_v2(connection)
    }

    /// Runs statements without values.
    func execute(_ sql: String) throws {
        try PlainSQLiteError.check(sqlite3_exec(connection, sql, nil, nil, nil), connection)
    }

    /// Compiles a statement.
    func prepare(_ sql: String) throws -> PlainStatement {
        var statement: OpaquePointer?
        try PlainSQLiteError.check(sqlite3_prepare_v3(connection, sql, -1, 1, &statement, nil), connection)
        guard let statement else { throw PlainSQLiteError(code: SQLITE_ERROR, message: "empty statement") }
        return PlainStatement(statement, connection)
    }

    /// Runs statements in one durable transaction.
    func transaction(_ body: () throws -> Void) throws {
        try execute("BEGIN IMMEDIATE")
        try body()
        try execute("COMMIT")
    }

    /// Copies the log into the file, as our driver does between commits.
    func checkpoint() throws {
        let code = sqlite3_wal_checkpoint_v2(connection, nil, SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        try PlainSQLiteError.check(code, connection)
    }
}

/// SQLite said no: the benchmark is wrong, or the disk is full.
struct PlainSQLiteError: Error {
    let code: Int32
    let message: String

    static func check(_ code: Int32, _ connection: OpaquePointer) throws {
        guard code != SQLITE_OK else { return }
        throw PlainSQLiteError(code: code, message: String(cString: sqlite3_errmsg(connection)))
    }
}
