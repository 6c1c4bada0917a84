/// Writes a body's JSON without the detours of a general encoder: the same bytes as Foundation's with sorted members
/// and plain slashes.
struct WireEncoder: Encoder {
    /// A value under construction.
    final class Node {
        enum Content {
            case empty
            /// JSON as it is.
            case text(String)
            /// A text that still needs its quotes.
            case quoted(String)
            case object
            case array
            case node(Node)
        }

        var content = Content.empty
        /// The members of an object, or the items of an array, which have no keys.
        var children: [(key: String, value: Content)] = []

        func add(_ key: String, _ value: Content) { children.append((key, value)) }

        func child(_ key: String) -> Node {
            let node = Node()
            add(key, .node(node))
            return node
        }
    }

    let node: Node
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .empty = node.content {
            node.content = .object
            node.children.reserveCapacity(24)
        }
        return KeyedEncodingContainer(WireMembers<Key>(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .empty = node.content { node.content = .array }
        return WireItems(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { WireValue(node: node) }
}

extension WireEncoder {
    /// The JSON of a value.
    ///
    /// - Throws: what the value's own encoding throws.
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1_024)
        bytes.append(try content(of: value))
        return bytes
    }

    /// A value, written at once when it is a leaf.
    fileprivate static func content(of value: some Encodable) throws -> Node.Content {
        switch value {
        case let text as String: return .quoted(text)
        case let number as Int64: return .text(String(number))
        case let number as Int: return .text(String(number))
        case let flag as Bool: return .text(flag ? "true" : "false")
        default:
            let node = Node()
            try value.encode(to: WireEncoder(node: node))
            return .node(node)
        }
    }
}

extension [UInt8] {
    /// Appends a value; the members of an object in the order of their names.
    fileprivate mutating func append(_ content: WireEncoder.Node.Content, of node: WireEncoder.Node? = nil) {
        switch content {
        case .empty: self += "{}".utf8
        case .text(let text): self += text.utf8
        case .quoted(let text): append(quoted: text)
        case .node(let node): append(node.content, of: node)
        case .object:
            append(UInt8(ascii: "{"))
            var separator: UInt8?
            for (key, value) in (node?.children ?? []).sorted(by: { $0.key < $1.key }) {
                if let separator { append(separator) }
                separator = UInt8(ascii: ",")
                append(quoted: key)
                append(UInt8(ascii: ":"))
                append(value)
            }
            append(UInt8(ascii: "}"))
        case .array:
            append(UInt8(ascii: "["))
            var separator: UInt8?
            for (_, value) in node?.children ?? [] {
                if let separator { append(separator) }
                separator = UInt8(ascii: ",")
                append(value)
            }
            append(UInt8(ascii: "]"))
        }
    }
}

extension [UInt8] {
    /// Appends a JSON string with quotes and escapes.
    fileprivate mutating func append(quoted text: String) {
        append(UInt8(ascii: "\""))
        defer { append(UInt8(ascii: "\"")) }
        // Nearly every text is written as it is.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            self += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): self += #"\""#.utf8
            case UInt8(ascii: "\\"): self += #"\\"#.utf8
            case 0x08: self += #"\b"#.utf8
            case 0x09: self += #"\t"#.utf8
            case 0x0a: self += #"\n"#.utf8
            case 0x0c: self += #"\f"#.utf8
            case 0x0d: self += #"\r"#.utf8
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                self += (#"\u00"# + (byte < 16 ? "0" : "") + digits).utf8
            default: append(byte)
            }
        }
    }
}

/// The members of an object.
private struct WireMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: WireEncoder.Node
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil(forKey key: Key) { node.add(key.stringValue, .text("null")) }
    mutating func encode(_ value: String, forKey key: Key) { node.add(key.stringValue, .quoted(value)) }
    mutating func encode(_ value: Bool, forKey key: Key) {
        node.add(key.stringValue, .text(value ? "true" : "false"))
    }
    mutating func encode(_ value: Int, forKey key: Key) { node.add(key.stringValue, .text(String(value))) }
    mutating func encode(_ value: Int64, forKey key: Key) { node.add(key.stringValue, .text(String(value))) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        node.add(key.stringValue, try WireEncoder.content(of: value))
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        WireEncoder(node: node.child(key.stringValue)).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        WireEncoder(node: node.child(key.stringValue)).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { WireEncoder(node: node.child("super")) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { WireEncoder(node: node.child(key.stringValue)) }
}

/// The items of an array.
private struct WireItems: UnkeyedEncodingContainer {
    let node: WireEncoder.Node
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.children.count }

    mutating func encodeNil() { node.add("", .text("null")) }
    mutating func encode(_ value: some Encodable) throws { node.add("", try WireEncoder.content(of: value)) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        WireEncoder(node: node.child("")).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        WireEncoder(node: node.child("")).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { WireEncoder(node: node.child("")) }
}

/// A value that is neither.
private struct WireValue: SingleValueEncodingContainer {
    let node: WireEncoder.Node
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() { node.content = .text("null") }
    mutating func encode(_ value: Bool) { node.content = .text(value ? "true" : "false") }
    mutating func encode(_ value: String) { node.content = .quoted(value) }
    mutating func encode(_ value: Double) { node.content = .text(String(value)) }
    mutating func encode(_ value: Float) { node.content = .text(String(value)) }
    mutating func encode(_ value: Int) { node.content = .text(String(value)) }
    mutating func encode(_ value: Int8) { node.content = .text(String(value)) }
    mutating func encode(_ value: Int16) { node.content = .text(String(value)) }
    mutating func encode(_ value: Int32) { node.content = .text(String(value)) }
    mutating func encode(_ value: Int64) { node.content = .text(String(value)) }
    mutating func encode(_ value: UInt) { node.content = .text(String(value)) }
    mutating func encode(_ value: UInt8) { node.content = .text(String(value)) }
    mutating func encode(_ value: UInt16) { node.content = .text(String(value)) }
    mutating func encode(_ value: UInt32) { node.content = .text(String(value)) }
    mutating func encode(_ value: UInt64) { node.content = .text(String(value)) }
    mutating func encode(_ value: some Encodable) throws { node.content = try WireEncoder.content(of: value) }
}
