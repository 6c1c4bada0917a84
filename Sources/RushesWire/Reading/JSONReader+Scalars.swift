extension JSONReader {
    /// Reads a string.
    package mutating func string() throws(JSONDefect) -> String {
        let start = position + 1
        if try scanString() {
            return try unescaped(start..<(position - 1))
        }
        return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
    }

    /// Reads a number; nil when it is not written as an integer or does not fit 64 bits.
    package mutating func integer() throws(JSONDefect) -> Int64? {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        try scanIntegerPart()
        var isInteger = true
        if peek == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try scanDigits()
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try scanDigits()
        }
        guard isInteger, position - start <= 20 else { return nil }
        return Int64(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// Reads `true` or `false`.
    package mutating func boolean() throws(JSONDefect) -> Bool {
        if peek == UInt8(ascii: "t") {
            try scan("true")
            return true
        }
        try scan("false")
        return false
    }

    /// Reads `null`.
    package mutating func null() throws(JSONDefect) {
        try scan("null")
    }

    /// Reads over a string and says whether it has escapes.
    @discardableResult
    mutating func scanString() throws(JSONDefect) -> Bool {
        var hasEscapes = false
        position += 1
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try scanEscape()
            case 0:
                throw defect(.nul)
            case 0..<0x20:
                throw defect(.malformed)
            case 0x80...:
                guard let length = UTF8Check.sequenceLength(in: bytes, at: position, end: end) else {
                    throw defect(.notUTF8)
                }
                position += length
            default:
                position += 1
            }
        }
        throw defect(.malformed)
    }

    private var peek: UInt8 { position < end ? bytes[position] : 0 }

    private mutating func scan(_ word: StaticString) throws(JSONDefect) {
        for index in 0..<word.utf8CodeUnitCount {
            guard peek == word.utf8Start[index] else { throw defect(.malformed) }
            position += 1
        }
    }

    private mutating func scanIntegerPart() throws(JSONDefect) {
        if peek == UInt8(ascii: "0") {
            position += 1
            return
        }
        try scanDigits()
    }

    private mutating func scanDigits() throws(JSONDefect) {
        let start = position
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(peek) { position += 1 }
        if position == start { throw defect(.malformed) }
    }

    private mutating func scanEscape() throws(JSONDefect) {
        position += 1
        switch peek {
        case UInt8(ascii: "u"):
            position += 1
            let unit = try scanCodeUnit()
            if unit == 0 { throw defect(.nul) }
            if unit >> 10 == 0x36 { try scanLowSurrogate() }
            if unit >> 10 == 0x37 { throw defect(.malformed) }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        default:
            throw defect(.malformed)
        }
    }

    private mutating func scanLowSurrogate() throws(JSONDefect) {
        guard peek == UInt8(ascii: "\\") else { throw defect(.malformed) }
        position += 1
        guard peek == UInt8(ascii: "u") else { throw defect(.malformed) }
        position += 1
        if try scanCodeUnit() >> 10 != 0x37 { throw defect(.malformed) }
    }

    private mutating func scanCodeUnit() throws(JSONDefect) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Self.hexadecimal(peek) else { throw defect(.malformed) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    /// The text of a string that `scanString` has accepted.
    private func unescaped(_ range: Range<Int>) throws(JSONDefect) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "\\") else {
                text.append(bytes[index])
                index += 1
                continue
            }
            switch bytes[index + 1] {
            case UInt8(ascii: "u"):
                index = appendScalar(at: index, to: &text)
                continue
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case let itself: text.append(itself)
            }
            index += 2
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the scalar of the escape at `index` and returns the index behind it.
    private func appendScalar(at index: Int, to text: inout [UInt8]) -> Int {
        let unit = codeUnit(at: index + 2)
        guard unit >> 10 == 0x36 else {
            Self.append(scalar: unit, to: &text)
            return index + 6
        }
        Self.append(scalar: 0x1_0000 + (unit & 0x3FF) << 10 + codeUnit(at: index + 8) & 0x3FF, to: &text)
        return index + 12
    }

    private func codeUnit(at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | UInt32(Self.hexadecimal(bytes[index + $1]) ?? 0) }
    }

    /// Appends the UTF-8 of a code point that is no surrogate.
    private static func append(scalar: UInt32, to text: inout [UInt8]) {
        func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
        switch scalar {
        case ..<0x80:
            text.append(UInt8(scalar))
        case ..<0x800:
            text.append(UInt8(0xC0 | scalar >> 6))
            text.append(continuation(0))
        case ..<0x1_0000:
            text.append(UInt8(0xE0 | scalar >> 12))
            text.append(continuation(6))
            text.append(continuation(0))
        default:
            text.append(UInt8(0xF0 | scalar >> 18))
            text.append(continuation(12))
            text.append(continuation(6))
            text.append(continuation(0))
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
