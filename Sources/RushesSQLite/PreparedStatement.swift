import GRDBSQLite
import RushesDatabase

/// One compiled statement of GRDB's cache, driven through SQLite's own interface: no boxing on the way of a value.
struct PreparedStatement {
    private let statement: OpaquePointer
    private let connection: OpaquePointer?
    private let parameters: Int

    /// Wraps a compiled statement and checks that its parameters are `$1 ... $n` in order of first appearance.
    ///
    /// SQLite numbers named parameters by first appearance, so binding by position is right only then.
    init(_ statement: OpaquePointer, on connection: OpaquePointer?) throws(DatabaseError) {
        self.init(numbered: statement, on: connection)
        for position in Self.checked(of: parameters) where !isNamedByPosition(position) {
            throw DatabaseError(.invalidStatement, "parameter \(position) is not $\(position): \(sql)")
        }
    }

    /// Wraps a compiled statement whose parameters have no names, so that SQLite numbers them as they stand.
    init(numbered statement: OpaquePointer, on connection: OpaquePointer?) {
        self.statement = statement
        self.connection = connection
        parameters = Int(sqlite3_bind_parameter_count(statement))
    }

    /// To find a name SQLite goes through all before it: a hundred names at every call cost more than to run the
    /// statement. So a release looks at the last one only; every statement runs in the tests too, which look at all.
    private static func checked(of parameters: Int) -> ClosedRange<Int> {
        #if DEBUG
            1...max(parameters, 1)
        #else
            max(parameters, 1)...max(parameters, 1)
        #endif
    }

    /// True when running it changes nothing in the database; SQLite itself counts an EXPLAIN of a write as a write.
    var onlyReads: Bool { sqlite3_stmt_readonly(statement) != 0 || sqlite3_stmt_isexplain(statement) != 0 }

    /// Binds one value to each parameter.
    func bind(_ values: [SQLValue]) throws(DatabaseError) {
        guard values.count == parameters else {
            throw DatabaseError(.invalidStatement, "\(values.count) values for \(parameters) parameters: \(sql)")
        }
        var position: Int32 = 1
        for value in values {
            let code = bind(value, at: position)
            guard code == SQLITE_OK else { throw failure(code) }
            position += 1
        }
    }

    /// Runs to the end and returns the number of rows that the statement itself changed.
    func run() throws(DatabaseError) -> Int {
        let changesBefore = sqlite3_total_changes64(connection)
        var code = sqlite3_step(statement)
        while code == SQLITE_ROW { code = sqlite3_step(statement) }
        guard code == SQLITE_DONE else { throw failure(code) }
        // A statement that changes no rows, such as CREATE TABLE, leaves the count of an earlier one behind.
        guard sqlite3_total_changes64(connection) != changesBefore else { return 0 }
        return Int(sqlite3_changes64(connection))
    }

    /// Runs to the end and returns every row.
    func rows() throws(DatabaseError) -> [SQLRow] {
        var rows: [SQLRow] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append(try row())
            case SQLITE_DONE: return rows
            case let code: throw failure(code)
            }
        }
    }

    /// Makes the statement ready for its next use and lets go of the bound texts.
    func reset() {
        // Both repeat the code of the last step, which was thrown already.
        _ = sqlite3_reset(statement)
        _ = sqlite3_clear_bindings(statement)
    }

    private func bind(_ value: SQLValue, at position: Int32) -> Int32 {
        switch value {
        case .null:
            return sqlite3_bind_null(statement, position)
        case .integer(let integer):
            return sqlite3_bind_int64(statement, position, integer)
        case .text(var text):
            // SQLITE_TRANSIENT: SQLite copies the bytes before the call returns.
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            return text.withUTF8 { utf8 in
                // An empty buffer may have no address, and SQLite takes no address for NULL.
                guard let address = utf8.baseAddress else {
                    return sqlite3_bind_text(statement, position, "", 0, transient)
                }
                return address.withMemoryRebound(to: CChar.self, capacity: utf8.count) { characters in
                    sqlite3_bind_text64(
                        statement, position, characters, UInt64(utf8.count), transient, UInt8(SQLITE_UTF8))
                }
            }
        }
    }

    private func row() throws(DatabaseError) -> SQLRow {
        let count = sqlite3_column_count(statement)
        var values: [SQLValue] = []
        values.reserveCapacity(Int(count))
        for column in 0..<count {
            values.append(try value(column))
        }
        return SQLRow(values)
    }

    private func value(_ column: Int32) throws(DatabaseError) -> SQLValue {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL:
            return .null
        case SQLITE_INTEGER:
            return .integer(sqlite3_column_int64(statement, column))
        case SQLITE_TEXT:
            let address = sqlite3_column_text(statement, column)
            let bytes = UnsafeBufferPointer(start: address, count: Int(sqlite3_column_bytes(statement, column)))
            return .text(String(decoding: bytes, as: UTF8.self))
        case let type:
            throw DatabaseError(.decoding, "column \(column) has storage class \(type), not BIGINT or TEXT: \(sql)")
        }
    }

    private func isNamedByPosition(_ position: Int) -> Bool {
        if position > parameters { return true }
        guard let name = sqlite3_bind_parameter_name(statement, Int32(position)) else { return false }
        // Compared digit by digit from the right: this runs for every call, so it makes no string.
        var length = 0
        while name[length] != 0 { length += 1 }
        var rest = position
        var index = length - 1
        while index >= 1, rest > 0, name[index] == CChar(48 + rest % 10) {
            rest /= 10
            index -= 1
        }
        return rest == 0 && index == 0 && name[0] == CChar(36)
    }

    private func failure(_ code: Int32) -> DatabaseError {
        DatabaseError(sqliteCode: code, message: String(cString: sqlite3_errmsg(connection)), sql: sql)
    }

    private var sql: String { sqlite3_sql(statement).map { String(cString: $0) } ?? "" }
}
