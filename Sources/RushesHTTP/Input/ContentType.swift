import HTTPTypes

/// The media types that request bodies have.
enum ContentType: String, CaseIterable {
    case json = "application/json"
    case csv = "text/csv"
    case jsonLines = "application/jsonl"

    /// The type of a body.
    ///
    /// - Throws: `Problem`: 415 for another type, another charset or an encoding.
    init(of headers: HTTPFields, allowed: [ContentType]) throws(Problem) {
        let encodings = headers[values: .contentEncoding]
        guard encodings.allSatisfy({ $0.lowercased() == "identity" }) else { throw .unsupportedEncoding }
        let values = headers[values: .contentType]
        let parts = (values.first ?? "").lowercased().split(separator: ";").map(Self.trimmed)
        guard values.count == 1, let name = parts.first, let type = ContentType(rawValue: name),
            allowed.contains(type), parts.dropFirst().allSatisfy(Self.isHarmless)
        else { throw .unsupportedMediaType(allowed.map(\.rawValue)) }
        self = type
    }

    /// A parameter that does not say that the text is anything but UTF-8.
    private static func isHarmless(_ parameter: String) -> Bool {
        guard parameter.hasPrefix("charset=") else { return true }
        let charset = parameter.dropFirst("charset=".count).filter { $0 != "\"" }
        return charset == "utf-8" || charset == "utf8" || charset == "us-ascii"
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
