import GRDBSQLite

/// One compiled statement of SQLite: bind, step, reset, and nothing between.
final class PlainStatement {
    private let statement: OpaquePointer
    private let connection: OpaquePointer
    private let sql: String

    init(_ statement: OpaquePointer, _ connection: OpaquePointer, _ sql: String) {
        self.statement = statement
        self.connection = connection
        self.sql = sql
    }

    deinit {
        sqlite3_finalize(statement)
    }

    /// Runs a statement that answers no rows.
    func run<each Value: PlainValue>(_ value: repeat each Value) throws {
        var position: Int32 = 0
        repeat bind(each value, &position)
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE else { throw failure }
    }

    /// Runs a statement that changes exactly one row.
    func runOnOneRow<each Value: PlainValue>(_ value: repeat each Value) throws {
        try run(repeat each value)
        let changed = sqlite3_changes64(connection)
        guard changed == 1 else { throw PlainSQLError(message: "changed \(changed) rows", sql: sql) }
    }

    /// Runs a statement whose values are texts, as many as there are, and that changes so many rows.
    func run(_ values: [String], changing rows: Int?) throws {
        var position: Int32 = 0
        for value in values { bind(value, &position) }
        try run()
        let changed = sqlite3_changes64(connection)
        if let rows, changed != rows { throw PlainSQLError(message: "changed \(changed) rows", sql: sql) }
    }

    /// All rows, as text.
    func rows() throws -> [[String]] {
        defer { sqlite3_reset(statement) }
        var found: [[String]] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return found }
            guard code == SQLITE_ROW else { throw failure }
            found.append(
                (0..<sqlite3_column_count(statement)).map { column in
                    sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
                })
        }
    }

    private var failure: PlainSQLError {
        PlainSQLError(message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    private func bind(_ value: some PlainValue, _ position: inout Int32) {
        position += 1
        value.bind(to: statement, at: position)
    }
}

/// What a plain statement binds.
protocol PlainValue {
    func bind(to statement: OpaquePointer, at position: Int32)
}

extension Int64: PlainValue {
    func bind(to statement: OpaquePointer, at position: Int32) {
        sqlite3_bind_int64(statement, position, self)
    }
}

extension Int: PlainValue {
    func bind(to statement: OpaquePointer, at position: Int32) {
        sqlite3_bind_int64(statement, position, Int64(self))
    }
}

extension String: PlainValue {
    func bind(to statement: OpaquePointer, at position: Int32) {
        // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        var text = self
        text.withUTF8 { utf8 in
            _ = utf8.withMemoryRebound(to: CChar.self) { characters in
                sqlite3_bind_text(statement, position, characters.baseAddress, Int32(characters.count), transient)
            }
        }
    }
}
