/// A small JSON value as a tree; big bodies are read with `JSONReader` directly.
package indirect enum JSONValue: Sendable, Equatable {
    case object([String: JSONValue])
    case array([JSONValue])
    case string(String)
    /// A number that is an integer of 64 bits.
    case integer(Int64)
    /// Any other number; nothing of ours takes one.
    case otherNumber
    case boolean(Bool)
    case null

    /// Reads a whole text.
    ///
    /// - Throws: `JSONDefect`.
    package init(_ bytes: [UInt8]) throws(JSONDefect) {
        var reader = JSONReader(bytes)
        self = try reader.value()
        try reader.finish()
    }
}

extension JSONReader {
    /// Reads the next value as a tree.
    package mutating func value() throws(JSONDefect) -> JSONValue {
        switch try next() {
        case .object:
            var members: [String: JSONValue] = [:]
            try object { (reader, key) throws(JSONDefect) in members[key] = try reader.value() }
            return .object(members)
        case .array:
            var items: [JSONValue] = []
            try array { (reader, _) throws(JSONDefect) in items.append(try reader.value()) }
            return .array(items)
        case .string: return .string(try string())
        case .number: return try integer().map { .integer($0) } ?? .otherNumber
        case .boolean: return .boolean(try boolean())
        case .null:
            try null()
            return .null
        }
    }
}
