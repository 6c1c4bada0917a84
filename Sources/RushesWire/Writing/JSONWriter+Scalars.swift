import RushesCore

/// A value that holds no others.
enum JSONScalar {
    case null
    case bool(Bool)
    case integer(Int64)
    /// An integer of another width.
    case digits(String)
    case text(String)
}

extension [UInt8] {
    mutating func append(json scalar: JSONScalar) {
        switch scalar {
        case .null: append(contentsOf: "null".utf8)
        case .bool(let value): append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): append(contentsOf: String(value).utf8)
        case .digits(let digits): append(contentsOf: digits.utf8)
        case .text(let text): append(json: text)
        }
    }

    /// Writes a text: only what must be escaped is (RFC 8259, section 7).
    mutating func append(json text: String) {
        append(Self.quotationMark)
        if text.utf8.allSatisfy({ !Self.mustBeEscaped($0) }) {
            append(contentsOf: text.utf8)
        } else {
            for byte in text.utf8 { Self.mustBeEscaped(byte) ? appendEscaped(byte) : append(byte) }
        }
        append(Self.quotationMark)
    }

    private static var quotationMark: UInt8 { UInt8(ascii: "\"") }
    private static var backslash: UInt8 { UInt8(ascii: "\\") }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == quotationMark || byte == backslash
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        append(Self.backslash)
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0a: append(UInt8(ascii: "n"))
        case 0x0c: append(UInt8(ascii: "f"))
        case 0x0d: append(UInt8(ascii: "r"))
        case Self.quotationMark, Self.backslash: append(byte)
        default: append(contentsOf: "u00\([byte].hexadecimal)".utf8)
        }
    }
}
