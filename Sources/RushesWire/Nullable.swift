/// An optional member that is always written: as `null` when there is nothing.
///
/// Synthesized `Codable` leaves a nil member out; the contract lists these members, so they are there in every answer.
@propertyWrapper
public struct Nullable<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
    /// The value, or nil for `null`.
    public var wrappedValue: Value?

    /// A member with its value.
    public init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    /// Reads the value or `null`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
    }

    /// Writes the value or `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue {
            try container.encode(wrappedValue)
        } else {
            try container.encodeNil()
        }
    }
}

extension KeyedDecodingContainer {
    /// Reads a missing member as `null`, so that an older server's answer can still be read.
    public func decode<Value>(_ type: Nullable<Value>.Type, forKey key: Key) throws -> Nullable<Value> {
        try decodeIfPresent(type, forKey: key) ?? Nullable(wrappedValue: nil)
    }
}

extension KeyedEncodingContainer {
    /// Writes the value or `null` as the member itself: an answer has many of these, and a container for each of them
    /// is a third of the work of writing it.
    public mutating func encode<Value>(_ member: Nullable<Value>, forKey key: Key) throws {
        if let value = member.wrappedValue { try encode(value, forKey: key) } else { try encodeNil(forKey: key) }
    }

    /// Writes a text or `null`, as above.
    public mutating func encode(_ member: Nullable<String>, forKey key: Key) throws {
        if let text = member.wrappedValue { try encode(text, forKey: key) } else { try encodeNil(forKey: key) }
    }
}
