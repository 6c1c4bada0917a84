import GRDBSQLite

/// One compiled statement: bind, step, reset, and nothing between.
final class PlainStatement {
    fileprivate let statement: OpaquePointer
    private let connection: OpaquePointer

    init(_ statement: OpaquePointer, _ connection: OpaquePointer) {
        self.statement = statement
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(statement)
    }

    /// Runs a statement that changes exactly one row.
    func run<each Value: PlainValue>(_ value: repeat each Value) throws {
        var position: Int32 = 0
        repeat bind(each value, &position)
        let code = sqlite3_step(statement)
        sqlite3_reset(statement)
        guard code == SQLITE_DONE, sqlite3_changes64(connection) == 1 else {
            throw PlainSQLiteError(code: code, message: String(cString: sqlite3_errmsg(connection)))
        }
    }

    /// The first column of every row, as text.
    func texts<each Value: PlainValue>(_ value: repeat each Value) throws -> [String] {
        var position: Int32 = 0
        repeat bind(each value, &position)
        defer { sqlite3_reset(statement) }
        var found: [String] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return found }
            guard code == SQLITE_ROW, let text = sqlite3_column_text(statement, 0) else {
                throw PlainSQLiteError(code: code, message: String(cString: sqlite3_errmsg(connection)))
            }
            found.append(String(cString: text))
        }
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
