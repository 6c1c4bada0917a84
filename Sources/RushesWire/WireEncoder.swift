/// Writes a body's JSON without the detours of a general encoder: the same bytes as Foundation's with sorted members
/// and plain slashes.
struct WireEncoder: Encoder {
    /// A value under construction: text that is done, or members and items that may still come.
    final class Node {
        enum Content {
            case empty
            case text(String)
            case object([(key: String, value: Node)])
            case array([Node])
        }

        var content = Content.empty

        func set(_ text: String) { content = .text(text) }

        func member(_ key: String) -> Node {
            let node = Node()
            guard case .object(var members) = content else { preconditionFailure("an object was begun") }
            content = .empty  // So that the members are not copied.
            members.append((key, node))
            content = .object(members)
            return node
        }

        func item() -> Node {
            let node = Node()
            guard case .array(var items) = content else { preconditionFailure("an array was begun") }
            content = .empty  // As above.
            items.append(node)
            content = .array(items)
            return node
        }

        var itemCount: Int {
            if case .array(let items) = content { return items.count }
            return 0
        }
    }

    let node: Node
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .empty = node.content { node.content = .object([]) }
        return KeyedEncodingContainer(WireMembers<Key>(node: node))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .empty = node.content { node.content = .array([]) }
        return WireItems(node: node)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { WireValue(node: node) }
}

extension WireEncoder {
    /// The JSON of a value.
    ///
    /// - Throws: what the value's own encoding throws.
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let node = Node()
        try node.encode(value)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1_024)
        node.write(to: &bytes)
        return bytes
    }
}

extension WireEncoder.Node {
    fileprivate func encode(_ value: some Encodable) throws {
        switch value {
        case let text as String: set(text: text)
        case let number as Int64: set(String(number))
        case let number as Int: set(String(number))
        case let flag as Bool: set(flag ? "true" : "false")
        default: try value.encode(to: WireEncoder(node: self))
        }
    }

    fileprivate func set(text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 2)
        bytes.append(quoted: text)
        set(String(decoding: bytes, as: UTF8.self))
    }

    fileprivate func write(to bytes: inout [UInt8]) {
        switch content {
        case .empty: bytes += "{}".utf8
        case .text(let text): bytes += text.utf8
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(quoted: member.key)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }
}

extension [UInt8] {
    /// Appends a JSON string with quotes and escapes.
    fileprivate mutating func append(quoted text: String) {
        append(UInt8(ascii: "\""))
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
        append(UInt8(ascii: "\""))
    }
}

/// The members of an object.
private struct WireMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: WireEncoder.Node
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil(forKey key: Key) { node.member(key.stringValue).set("null") }
    mutating func encode(_ value: String, forKey key: Key) { node.member(key.stringValue).set(text: value) }
    mutating func encode(_ value: Bool, forKey key: Key) {
        node.member(key.stringValue).set(value ? "true" : "false")
    }
    mutating func encode(_ value: Int, forKey key: Key) { node.member(key.stringValue).set(String(value)) }
    mutating func encode(_ value: Int64, forKey key: Key) { node.member(key.stringValue).set(String(value)) }
    mutating func encode(_ value: some Encodable, forKey key: Key) throws {
        try node.member(key.stringValue).encode(value)
    }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        WireEncoder(node: node.member(key.stringValue)).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        WireEncoder(node: node.member(key.stringValue)).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { WireEncoder(node: node.member("super")) }
    mutating func superEncoder(forKey key: Key) -> any Encoder { WireEncoder(node: node.member(key.stringValue)) }
}

/// The items of an array.
private struct WireItems: UnkeyedEncodingContainer {
    let node: WireEncoder.Node
    var codingPath: [any CodingKey] { [] }
    var count: Int { node.itemCount }

    mutating func encodeNil() { node.item().set("null") }
    mutating func encode(_ value: some Encodable) throws { try node.item().encode(value) }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type
    ) -> KeyedEncodingContainer<NestedKey> {
        WireEncoder(node: node.item()).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        WireEncoder(node: node.item()).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { WireEncoder(node: node.item()) }
}

/// A value that is neither.
private struct WireValue: SingleValueEncodingContainer {
    let node: WireEncoder.Node
    var codingPath: [any CodingKey] { [] }

    mutating func encodeNil() { node.set("null") }
    mutating func encode(_ value: Bool) { node.set(value ? "true" : "false") }
    mutating func encode(_ value: String) { node.set(text: value) }
    mutating func encode(_ value: Double) { node.set(String(value)) }
    mutating func encode(_ value: Float) { node.set(String(value)) }
    mutating func encode(_ value: Int) { node.set(String(value)) }
    mutating func encode(_ value: Int8) { node.set(String(value)) }
    mutating func encode(_ value: Int16) { node.set(String(value)) }
    mutating func encode(_ value: Int32) { node.set(String(value)) }
    mutating func encode(_ value: Int64) { node.set(String(value)) }
    mutating func encode(_ value: UInt) { node.set(String(value)) }
    mutating func encode(_ value: UInt8) { node.set(String(value)) }
    mutating func encode(_ value: UInt16) { node.set(String(value)) }
    mutating func encode(_ value: UInt32) { node.set(String(value)) }
    mutating func encode(_ value: UInt64) { node.set(String(value)) }
    mutating func encode(_ value: some Encodable) throws { try node.encode(value) }
}
