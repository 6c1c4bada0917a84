/// A JSON text that is written piece by piece. Log lines need no encoder, and must not fail.
struct JSONText {
    private(set) var text = ""

    init() {
        text.reserveCapacity(256)
    }

    /// Appends punctuation or a number as it is.
    mutating func append(_ json: String) {
        text += json
    }

    /// Appends `"name":"value"`.
    mutating func appendMember(_ name: String, _ value: String) {
        appendString(name)
        append(":")
        appendString(value)
    }

    /// Appends a string with quotes and escapes.
    mutating func appendString(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\0"..."\u{1f}", "\u{7f}", "\u{2028}", "\u{2029}":
                // A terminal or a log collector must not see these as anything but data.
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
