import RushesDatabase

/// Values in the text form of an array.
enum ArrayText {
    /// A column of some rows.
    static func of(_ rows: [[SQLValue]], _ column: Int) -> SQLValue {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * 32)
        bytes.append(UInt8(ascii: "{"))
        for row in rows {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            switch row[column] {
            case .null: bytes += "NULL".utf8
            case .integer(let integer): bytes += String(integer).utf8
            case .text(let content): quote(content, &bytes)
            }
        }
        bytes.append(UInt8(ascii: "}"))
        return .text(String(decoding: bytes, as: UTF8.self))
    }

    private static func quote(_ text: String, _ bytes: inout [UInt8]) {
        let (quotation, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        bytes.append(quotation)
        for byte in text.utf8 {
            if byte == quotation || byte == backslash { bytes.append(backslash) }
            bytes.append(byte)
        }
        bytes.append(quotation)
    }
}
