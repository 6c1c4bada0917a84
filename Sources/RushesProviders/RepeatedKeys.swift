#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Looks for objects that have a key twice: what they mean depends on who reads them, so they mean nothing.
///
/// It takes the text for JSON that a decoder has read already.
struct RepeatedKeys {
    /// The keys of each object that is open, and nil for each array.
    private var open: [Set<String>?] = []
    private var isKeyNext = false
    private var isFound = false

    /// True when an object in the text has a key twice.
    static func exist(in bytes: UnsafeRawBufferPointer) -> Bool {
        var search = RepeatedKeys()
        var position = 0
        while position < bytes.count, !search.isFound { position = search.step(bytes, position) }
        return search.isFound
    }

    /// Takes the token or the byte at a position; the position behind it.
    private mutating func step(_ bytes: UnsafeRawBufferPointer, _ position: Int) -> Int {
        switch bytes[position] {
        case UInt8(ascii: "\""):
            let text = Self.text(bytes, position)
            if isKeyNext { add(bytes[position..<text.end], isEscaped: text.isEscaped) }
            isKeyNext = false
            return text.end
        case UInt8(ascii: "{"):
            open.append([])
            isKeyNext = true
        case UInt8(ascii: "["):
            open.append(nil)
            isKeyNext = false
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            _ = open.popLast()
            isKeyNext = false
        case UInt8(ascii: ","): isKeyNext = (open.last ?? nil) != nil
        default: break  // blanks, colons, numbers and words
        }
        return position + 1
    }

    private mutating func add(_ literal: Slice<UnsafeRawBufferPointer>, isEscaped: Bool) {
        guard !open.isEmpty else { return }
        let key = isEscaped ? Self.unescaped(literal) : String(decoding: literal.dropFirst().dropLast(), as: UTF8.self)
        isFound = open[open.count - 1]?.insert(key).inserted == false
    }

    /// With escapes the same key can be written in many ways.
    private static func unescaped(_ literal: Slice<UnsafeRawBufferPointer>) -> String {
        let key = try? JSONDecoder().decode(String.self, from: Data(literal))
        return key ?? String(decoding: literal, as: UTF8.self)
    }

    /// Where a text ends, behind its closing quote, and whether it has escapes.
    private static func text(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> (end: Int, isEscaped: Bool) {
        var position = start + 1
        var isEscaped = false
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let isEscape = bytes[position] == UInt8(ascii: "\\")
            isEscaped = isEscaped || isEscape
            position += isEscape ? 2 : 1
        }
        return (min(position + 1, bytes.count), isEscaped)
    }
}
