import RushesCore

/// Reads a JSON text once from front to back, and refuses all that JSON readers disagree about.
///
/// Foundation's decoder takes duplicate keys, UTF-16, byte order marks and `1e2` for an integer; a request about money
/// is read by this instead. It is a pull reader: the caller asks for what it expects, nothing is built that nobody
/// asked for, and the work is linear in the length of the text.
package struct JSONReader {
    /// Levels of objects and arrays at most.
    package static let depthMax = 32
    /// Members of one object at most.
    package static let membersMax = 256
    /// Items of one array at most.
    package static let itemsMax = Limits.tasksPerBatchMax

    /// What kind of value comes next.
    package enum Kind: Sendable {
        case object, array, string, number, boolean, null
    }

    let bytes: [UInt8]
    let end: Int
    var position: Int
    private var path: [PathPart] = []

    private enum PathPart {
        case key(String)
        case index(Int)
    }

    /// A reader of a whole text or of the part of it in `range`.
    package init(_ bytes: [UInt8], range: Range<Int>? = nil) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// The JSON pointer of the value that is being read.
    package var pointer: String {
        path.reduce(into: "") { text, part in
            switch part {
            case .key(let key): text += "/" + JSONPointer.escaped(key)
            case .index(let index): text += "/\(index)"
            }
        }
    }

    /// Looks at the next value without reading it.
    ///
    /// - Throws: `JSONDefect` when there is none.
    package mutating func next() throws(JSONDefect) -> Kind {
        if position == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw defect(.byteOrderMark) }
        skipSpace()
        guard position < end else { throw defect(.malformed) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case 0: throw defect(.nul)
        case 0x80...:
            throw defect(UTF8Check.sequenceLength(in: bytes, at: position, end: end) == nil ? .notUTF8 : .malformed)
        default: throw defect(.malformed)
        }
    }

    /// Checks that nothing but space follows.
    package mutating func finish() throws(JSONDefect) {
        skipSpace()
        if position < end { throw defect(bytes[position] == 0 ? .nul : .trailingData) }
    }

    /// Reads an object; `member` is called for each key and must read or skip the value.
    package mutating func object(
        _ member: (inout JSONReader, String) throws(JSONDefect) -> Void
    ) throws(JSONDefect) {
        try enter(UInt8(ascii: "{"))
        if take(UInt8(ascii: "}")) { return }
        var names = NameSet()
        repeat {
            skipSpace()
            guard position < end, bytes[position] == UInt8(ascii: "\"") else { throw defect(.malformed) }
            let start = position
            let key = try string()
            guard names.insert(key) else { throw JSONDefect(.duplicateKey, offset: start, pointer: pointer(to: key)) }
            guard names.count <= Self.membersMax else { throw defect(.tooManyMembers) }
            try expect(UInt8(ascii: ":"))
            path.append(.key(key))
            try member(&self, key)
            path.removeLast()
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
    }

    /// Reads an array; `item` is called for each index and must read or skip the value.
    package mutating func array(_ item: (inout JSONReader, Int) throws(JSONDefect) -> Void) throws(JSONDefect) {
        try enter(UInt8(ascii: "["))
        if take(UInt8(ascii: "]")) { return }
        var index = 0
        repeat {
            guard index < Self.itemsMax else { throw defect(.tooManyItems) }
            path.append(.index(index))
            try item(&self, index)
            path.removeLast()
            index += 1
        } while take(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
    }

    /// Reads and forgets the next value, with every check.
    package mutating func skip() throws(JSONDefect) {
        switch try next() {
        case .object: try object { (reader, _) throws(JSONDefect) in try reader.skip() }
        case .array: try array { (reader, _) throws(JSONDefect) in try reader.skip() }
        case .string: try scanString()
        case .number: _ = try integer()
        case .boolean: _ = try boolean()
        case .null: try null()
        }
    }

    func defect(_ kind: JSONDefect.Kind) -> JSONDefect {
        JSONDefect(kind, offset: position, pointer: pointer)
    }

    private func pointer(to key: String) -> String {
        pointer + "/" + JSONPointer.escaped(key)
    }

    private mutating func enter(_ opening: UInt8) throws(JSONDefect) {
        guard path.count < Self.depthMax else { throw defect(.tooDeep) }
        try expect(opening)
    }

    private mutating func expect(_ byte: UInt8) throws(JSONDefect) {
        if !take(byte) { throw defect(position < end && bytes[position] == 0 ? .nul : .malformed) }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skipSpace() {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}

/// The names of an object's members: at most 257, so a look through their hashes is faster than a set.
private struct NameSet {
    private var hashes: [Int] = []
    private var names: [String] = []

    var count: Int { names.count }

    mutating func insert(_ name: String) -> Bool {
        let hash = name.hashValue
        if hashes.contains(hash), names.contains(name) { return false }
        hashes.append(hash)
        names.append(name)
        return true
    }
}
