import CLibPQ
import RushesDatabase

extension PostgresConnection {
    /// Fewer rows than this are inserted one by one in a pipeline, which is cheaper than to begin a COPY.
    private static var rowsPerCopyMin: Int { 16 }
    private static var bytesPerSend: Int { 128 * 1_024 }

    /// Inserts rows: by COPY when there are many.
    ///
    /// - Throws: `DatabaseError`.
    func bulkInsert(_ table: String, _ columns: [String], _ rows: [[SQLValue]]) throws(DatabaseError) {
        if rows.isEmpty { return }
        let names = columns.joined(separator: ", ")
        guard rows.count >= Self.rowsPerCopyMin else {
            let places = (1...columns.count).map { "$\($0)" }.joined(separator: ", ")
            _ = try executeMany("INSERT INTO \(table) (\(names)) VALUES (\(places))", rows)
            return
        }
        try copy("COPY \(table) (\(names)) FROM STDIN", rows, columns: columns.count)
    }

    private func copy(_ sql: String, _ rows: [[SQLValue]], columns: Int) throws(DatabaseError) {
        try run(sql)
        do throws(DatabaseError) {
            var text = CopyText()
            for row in rows {
                guard row.count == columns else {
                    throw DatabaseError(.invalidStatement, "\(row.count) values for \(columns) columns: \(sql)")
                }
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
