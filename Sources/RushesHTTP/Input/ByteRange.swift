/// What a `Range` field asks for (RFC 9110 section 14), of a content of known length.
enum ByteRange: Equatable {
    /// The whole content: no range, several ranges, or a field that is not understood, which the RFC says to ignore.
    case whole
    /// One range of it.
    case part(Range<Int64>)
    /// A range that the content does not have.
    case notSatisfiable

    /// Reads the field.
    init(_ field: String?, length: Int64) {
        self = field.flatMap { Self.parsed($0, length: length) } ?? .whole
    }

    private static func parsed(_ field: String, length: Int64) -> ByteRange? {
        let unit = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard unit.count == 2, unit[0].lowercased() == "bytes" else { return nil }
        let sides = unit[1].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard sides.count == 2 else { return nil }
        if sides[0].isEmpty {
            guard let count = number(sides[1]) else { return nil }
            return count == 0 || length == 0 ? .notSatisfiable : .part(max(0, length - count)..<length)
        }
        guard let first = number(sides[0]) else { return nil }
        if sides[1].isEmpty { return first < length ? .part(first..<length) : .notSatisfiable }
        guard let last = number(sides[1]), last >= first else { return nil }
        return first < length ? .part(first..<(min(last, length - 1) + 1)) : .notSatisfiable
    }

    /// Digits only; a number beyond 64 bits is as good as the largest one.
    private static func number(_ text: Substring) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int64(text) ?? .max - 1
    }
}
