import NIOCore

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
    static func exist(in bytes: ByteBufferView) -> Bool {
        var search = RepeatedKeys()
        var position = bytes.startIndex
        while position < bytes.endIndex, !search.isFound {
            position = search.step(bytes, position)
        }
        return search.isFound
    }

    /// Takes the token or the byte at a position; the position behind it.
    private mutating func step(_ bytes: ByteBufferView, _ position: Int) -> Int {
        switch bytes[position] {
        case UInt8(ascii: "\""):
            let end = Self.endOfText(bytes, position)
            if isKeyNext { add(bytes[position..<end]) }
            isKeyNext = false
            return end
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

    private mutating func add(_ literal: ByteBufferView) {
        // The same key can be written in many ways, by escapes.
        let key =
            (try? JSONDecoder().decode(String.self, from: Data(literal))) ?? String(decoding: literal, as: UTF8.self)
        guard var keys = open.popLast() ?? nil else { return }
        isFound = !keys.insert(key).inserted
        open.append(keys)
    }

    /// The position behind the closing quote.
    private static func endOfText(_ bytes: ByteBufferView, _ start: Int) -> Int {
        var position = start + 1
        while position < bytes.endIndex, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, bytes.endIndex)
    }
}
