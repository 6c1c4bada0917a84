/// An object's members.
struct JSONObjectContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let writer: JSONWriter
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) { writer.add(key.stringValue, .null) }
    func encode(_ value: Bool, forKey key: Key) { writer.add(key.stringValue, .bool(value)) }
    func encode(_ value: String, forKey key: Key) { writer.add(key.stringValue, .text(value)) }
    func encode(_ value: Int, forKey key: Key) { writer.add(key.stringValue, .integer(Int64(value))) }
    func encode(_ value: Int64, forKey key: Key) { writer.add(key.stringValue, .integer(value)) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try writer.add(key.stringValue, value: value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        writer.addGrowing(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        writer.addGrowing(key.stringValue).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { writer.addGrowing("super") }
    func superEncoder(forKey key: Key) -> any Encoder { writer.addGrowing(key.stringValue) }
}

/// An array's elements.
struct JSONArrayContainer: UnkeyedEncodingContainer {
    let writer: JSONWriter
    var codingPath: [any CodingKey] { [] }
    var count: Int { writer.count }

    func encodeNil() { writer.add(nil, .null) }
    func encode(_ value: Bool) { writer.add(nil, .bool(value)) }
    func encode(_ value: String) { writer.add(nil, .text(value)) }
    func encode(_ value: Int) { writer.add(nil, .integer(Int64(value))) }
    func encode(_ value: Int64) { writer.add(nil, .integer(value)) }
    func encode(_ value: some Encodable) throws { try writer.add(nil, value: value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        writer.addGrowing().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { writer.addGrowing().unkeyedContainer() }
    func superEncoder() -> any Encoder { writer.addGrowing() }
}

/// A value that is no container, or stands for another one.
struct JSONSimpleContainer: SingleValueEncodingContainer {
    let writer: JSONWriter
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { writer.write(.null) }
    func encode(_ value: Bool) { writer.write(.bool(value)) }
    func encode(_ value: String) { writer.write(.text(value)) }
    func encode(_ value: Int) { writer.write(.integer(Int64(value))) }
    func encode(_ value: Int64) { writer.write(.integer(value)) }

    /// - Throws: `EncodingError` for a number that is no integer.
    func encode(_ value: some Encodable) throws {
        switch value {
        case let integer as any FixedWidthInteger: writer.write(.digits(String(integer)))
        case is any FloatingPoint:
            throw EncodingError.invalidValue(value, .init(codingPath: [], debugDescription: "no integer"))
        default: try value.encode(to: writer)
        }
    }
}
