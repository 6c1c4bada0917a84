import CLibPQ
import RushesDatabase

extension PostgresConnection {
    /// Fewer rows than this are inserted by statements of several rows, which is cheaper than to begin a COPY.
    private static var rowsPerCopyMin: Int { 64 }
    private static var bytesPerSend: Int { 128 * 1_024 }

    /// Inserts rows: by COPY when there are many.
    ///
    /// - Throws: `DatabaseError`.
    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        if rows.isEmpty { return }
        for row in rows where row.count != columns.count {
            throw DatabaseError(.invalidStatement, "\(row.count) values for \(columns.count) columns of \(table)")
        }
        if rows.count >= Self.rowsPerCopyMin {
            try copy("COPY \(table) (\(columns.joined(separator: ", "))) FROM STDIN", rows)
        } else {
            try pipeline(executions(inserting: rows, into: table, columns)) { _, _ in }
        }
    }

    /// Statements that insert a power of two of rows each, so that there are few different ones to prepare. The server
    /// makes a table's checks ready anew for each statement, which costs more than to check a row.
    private func executions(
        inserting rows: [[SQLValue]], into table: String, _ columns: [String]
    ) -> [(sql: String, values: [SQLValue])] {
        var executions: [(sql: String, values: [SQLValue])] = []
        var left = rows[...]
        while !left.isEmpty {
            var count = 1
            while count * 2 <= left.count { count *= 2 }
            let insertion = Insertion(table: table, columns: columns, rows: count)
            let sql = insertions[insertion] ?? insertion.sql
            insertions[insertion] = sql
            executions.append((sql, left.prefix(count).flatMap(\.self)))
            left = left.dropFirst(count)
        }
        return executions
    }

    private func copy(_ sql: String, _ rows: [[SQLValue]]) throws(DatabaseError) {
        try run(sql)
        do throws(DatabaseError) {
            var text = CopyText()
            for row in rows {
                try text.append(row)
                if text.bytes.count >= Self.bytesPerSend { try send(&text, sql) }
            }
            try send(&text, sql)
        } catch {
            finishCopy(refusing: true)
            throw error
        }
        finishCopy(refusing: false)
        var failure: DatabaseError?
        while let answer = PQgetResult(pointer).map({ PostgresAnswer($0) }) {
            do throws(DatabaseError) { try check(answer, sql) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private func send(_ text: inout CopyText, _ sql: String) throws(DatabaseError) {
        let sent = text.bytes.withUnsafeBufferPointer { bytes in
            PQputCopyData(pointer, bytes.baseAddress, Int32(bytes.count))
        }
        guard sent == 1 else { throw lost(sql) }
        text.removeAll()
    }

    private func finishCopy(refusing: Bool) {
        // A failure shows in the answer that is read next.
        _ = PQputCopyEnd(pointer, refusing ? "refused by the client" : nil)
        guard refusing else { return }
        while let answer = PQgetResult(pointer) { PQclear(answer) }
    }
}

/// A statement that inserts so many rows.
struct Insertion: Hashable {
    let table: String
    let columns: [String]
    let rows: Int

    /// Its text, with the parameters of one row after the other.
    var sql: String {
        let width = columns.count
        let places = (0..<rows).map { row in
            "(" + (1...width).map { "$\(row * width + $0)" }.joined(separator: ", ") + ")"
        }
        return "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES \(places.joined(separator: ", "))"
    }
}

/// Rows in the text form of COPY: columns divided by tabs, rows by line ends, `\N` for NULL.
struct CopyText {
    private(set) var bytes: [CChar] = []

    mutating func append(_ row: [SQLValue]) throws(DatabaseError) {
        var isFirst = true
        for value in row {
            if !isFirst { bytes.append(9) }
            isFirst = false
            switch value {
            case .null: append("\\N")
            case .integer(let integer): append(String(integer))
            case .text(let text): try escape(text)
            }
        }
        bytes.append(10)
    }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    private mutating func append(_ text: String) {
        for byte in text.utf8 { bytes.append(CChar(bitPattern: byte)) }
    }

    private mutating func escape(_ text: String) throws(DatabaseError) {
        for byte in text.utf8 {
            switch byte {
            case 9: append("\\t")
            case 10: append("\\n")
            case 13: append("\\r")
            case 92: append("\\\\")
            case 0: throw DatabaseError(.invalidStatement, "a text with a zero byte cannot be stored")
            default: bytes.append(CChar(bitPattern: byte))
            }
        }
    }
}
