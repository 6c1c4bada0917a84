import RushesWire

/// One request, before it becomes HTTP.
struct Call: Sendable {
    /// The methods that the contract uses.
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// A request's body.
    struct Content: Sendable {
        let type: String
        let bytes: [UInt8]

        /// A body of the contract.
        static func json(_ body: some Encodable) throws -> Content {
            Content(type: "application/json", bytes: try WireJSON.encode(body))
        }
    }

    let method: Method
    /// Path and query, percent-encoded.
    let target: String
    let headers: [(String, String)]
    let content: Content?
    /// True when sending it twice does no harm.
    let isRepeatable: Bool
    /// The end of the whole exchange, streamed body included.
    let timeoutSeconds: Int64

    /// A read: always repeatable.
    static func get(
        _ path: String, _ query: [(String, String?)] = [], headers: [(String, String)] = [],
        timeoutSeconds: Int64 = 60
    ) -> Call {
        Call(
            method: .get, target: path + Self.text(query), headers: headers, content: nil, isRepeatable: true,
            timeoutSeconds: timeoutSeconds)
    }

    /// A change.
    static func send(
        _ method: Method, _ path: String, _ query: [(String, String?)] = [], content: Content? = nil,
        isRepeatable: Bool = false, timeoutSeconds: Int64 = 180
    ) -> Call {
        Call(
            method: method, target: path + Self.text(query), headers: [], content: content, isRepeatable: isRepeatable,
            timeoutSeconds: timeoutSeconds)
    }

    /// The query with its question mark; members without a value are left out.
    private static func text(_ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(percentEncoded($0))" } }
        return pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    }
}

/// A text as one path segment or query value: everything but RFC 3986's unreserved characters is escaped.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    var encoded = ""
    for byte in text.utf8 {
        let character = Character(UnicodeScalar(byte))
        let isUnreserved = byte < 128 && (character.isLetter || character.isNumber || "-._~".contains(character))
        if isUnreserved {
            encoded.append(character)
        } else {
            encoded += "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
        }
    }
    return encoded
}
