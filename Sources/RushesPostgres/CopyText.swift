import RushesDatabase

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
