import CLibPQ
import RushesDatabase

/// The server's answer to one statement; freed with its last use.
struct PostgresAnswer: ~Copyable {
    private let pointer: OpaquePointer

    /// Takes over an answer.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// The word that names what was done, such as `ROLLBACK`.
    var command: String { String(cString: PQcmdStatus(pointer)) }

    /// Rows that the statement changed.
    var affected: Int {
        var count = 0
        var next = PQcmdTuples(pointer)
        while let digit = next, digit.pointee != 0 {
            count = count * 10 + Int(digit.pointee - 48)
            next = digit + 1
        }
        return count
    }

    /// Every row.
    ///
    /// - Throws: `DatabaseError` of kind `decoding` for a type that is neither BIGINT nor TEXT.
    func rows(_ sql: String) throws(DatabaseError) -> [SQLRow] {
        let columns = PQnfields(pointer)
        var isInteger: [Bool] = []
        for column in 0..<columns { isInteger.append(try self.isInteger(column, sql)) }
        var rows: [SQLRow] = []
        let count = PQntuples(pointer)
        rows.reserveCapacity(Int(count))
        for row in 0..<count {
            var values: [SQLValue] = []
            values.reserveCapacity(Int(columns))
            for column in 0..<columns { values.append(value(row, column, isInteger[Int(column)])) }
            rows.append(SQLRow(values))
        }
        return rows
    }

    /// The error that it tells, in the port's kinds; the statement is named, its values are not.
    func failure(_ sql: String) -> DatabaseError {
        let state = PQresultErrorField(pointer, 67).map { String(cString: $0) } ?? ""  // 'C'
        let words = PQresultErrorField(pointer, 77).map { String(cString: $0) } ?? ""  // 'M'
        let constraint = PQresultErrorField(pointer, 110).map { String(cString: $0) }  // 'n'
        let text = words.isEmpty ? String(cString: PQresultErrorMessage(pointer)) : words
        return DatabaseError(
            sqlState: state, text + (constraint.map { " (\($0))" } ?? "") + (sql.isEmpty ? "" : " in: \(sql)"))
    }

    private func isInteger(_ column: Int32, _ sql: String) throws(DatabaseError) -> Bool {
        switch PQftype(pointer, column) {
        case 16, 20, 21, 23: return true  // boolean, bigint, smallint, integer
        case 18, 19, 25, 705, 1_042, 1_043: return false  // char, name, text, unknown, character, varchar
        case let type:
            throw DatabaseError(.decoding, "column \(column) has type \(type), not BIGINT or TEXT: \(sql)")
        }
    }

    private func value(_ row: Int32, _ column: Int32, _ isInteger: Bool) -> SQLValue {
        if PQgetisnull(pointer, row, column) == 1 { return .null }
        let length = Int(PQgetlength(pointer, row, column))
        guard let address = PQgetvalue(pointer, row, column) else { return .null }
        if isInteger { return .integer(integer(UnsafeBufferPointer(start: address, count: length))) }
        return address.withMemoryRebound(to: UInt8.self, capacity: length) { bytes in
            .text(String(decoding: UnsafeBufferPointer(start: bytes, count: length), as: UTF8.self))
        }
    }

    /// The number of its digits; a boolean is 0 or 1, as in SQLite.
    private func integer(_ digits: UnsafeBufferPointer<CChar>) -> Int64 {
        var value: Int64 = 0
        // Summed below zero, where there is room for the lowest number too.
        for digit in digits where digit != 45 {
            switch digit {
            case 116: value = -1
            case 102: value = 0
            default: value = value &* 10 &- Int64(digit - 48)
            }
        }
        return digits.first == 45 ? value : 0 &- value
    }
}
