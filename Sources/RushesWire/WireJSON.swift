internal import FoundationEssentials

/// Writes and reads the bodies of the contract, always in the same way.
public enum WireJSON {
    /// The JSON of a body with sorted members, so that equal bodies are equal bytes.
    ///
    /// - Throws: `EncodingError` for a number that is no integer; our bodies have none.
    public static func encode(_ body: some Encodable) throws -> [UInt8] {
        try JSONWriter.bytes(of: body)
    }

    /// A body from an answer's JSON; unknown members are ignored, so that a newer server can be read.
    ///
    /// - Throws: `DecodingError`.
    public static func decode<Body: Decodable>(_ type: Body.Type = Body.self, from bytes: [UInt8]) throws -> Body {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
