/// Writes one value as JSON: members sorted by their names' bytes, no space between, so that equal values are equal
/// bytes. Hashes and signatures are made over these bytes (ADR 0031).
///
/// A writer holds one value: an object, an array or something simple. What a value holds in turn is written by a writer
/// of its own, and its text is taken over when it is whole.
final class JSONWriter: Encoder {
    private enum Form {
        case unknown, simple, array, object
    }

    /// A part of the value.
    private enum Part {
        /// Its bytes in `text`.
        case text(Range<Int>)
        /// A container that was handed out, and may still grow.
        case growing(JSONWriter)
    }

    private var form = Form.unknown
    /// The parts one after the other, without what stands between them; all of a simple value.
    private var text: [UInt8] = []
    /// An array's elements, or an object's members in the order in which they were written.
    private var parts: [Part] = []
    /// An object's names, as many as there are parts.
    private var names: [String] = []

    /// Most bodies are smaller.
    private static var bytesExpected: Int { 512 }
    private static var partsExpected: Int { 24 }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Elements of an array so far.
    var count: Int { parts.count }

    /// The JSON of a value.
    ///
    /// - Throws: `EncodingError` for a number that is no integer: the contract has none.
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let writer = JSONWriter()
        try value.encode(to: writer)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * writer.text.count)
        writer.append(to: &bytes)
        return bytes
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        become(.object)
        return KeyedEncodingContainer(JSONObjectContainer<Key>(writer: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        become(.array)
        return JSONArrayContainer(writer: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSimpleContainer(writer: self)
    }

    /// Writes all of a simple value.
    func write(_ scalar: JSONScalar) {
        become(.simple)
        text.append(json: scalar)
    }

    /// Writes a simple part.
    func add(_ name: String? = nil, _ scalar: JSONScalar) {
        let start = text.count
        text.append(json: scalar)
        add(name, .text(start..<text.count))
    }

    /// Writes a part that may hold others.
    func add(_ name: String? = nil, value: some Encodable) throws {
        let writer = JSONWriter()
        try value.encode(to: writer)
        let start = text.count
        writer.append(to: &text)
        add(name, .text(start..<text.count))
    }

    /// Adds a part that is written later.
    func addGrowing(_ name: String? = nil) -> JSONWriter {
        let writer = JSONWriter()
        add(name, .growing(writer))
        return writer
    }

    private func add(_ name: String?, _ part: Part) {
        if let name { names.append(name) }
        parts.append(part)
    }

    private func become(_ form: Form) {
        precondition(self.form == .unknown || (self.form == form && form != .simple), "a value is one thing, once")
        guard self.form == .unknown else { return }
        self.form = form
        if form != .simple {
            text.reserveCapacity(Self.bytesExpected)
            parts.reserveCapacity(Self.partsExpected)
        }
    }

    private func append(to bytes: inout [UInt8]) {
        switch form {
        case .simple: bytes += text
        case .array: appendArray(to: &bytes)
        case .object, .unknown: appendObject(to: &bytes)
        }
    }

    private func appendArray(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (place, part) in parts.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            append(part, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private func appendObject(to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
        for (place, index) in order.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(json: names[index])
            bytes.append(UInt8(ascii: ":"))
            append(parts[index], to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private func append(_ part: Part, to bytes: inout [UInt8]) {
        switch part {
        case .text(let range): bytes += text[range]
        case .growing(let writer): writer.append(to: &bytes)
        }
    }
}
