import Foundation

/// The parts of a `multipart/form-data` body (RFC 7578), in the order they came.
struct MultipartForm: Sendable {
    struct Part: Sendable {
        let name: String
        let filename: String?
        let contentType: String?
        let body: Data
    }

    let parts: [Part]

    /// The first part of that name.
    subscript(name: String) -> Part? {
        parts.first { $0.name == name }
    }

    /// The boundary of a `multipart/form-data` content type, quoted or not; nil for any other type.
    static func boundary(contentType: String) -> String? {
        let fields = contentType.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        guard fields.first?.lowercased() == "multipart/form-data" else { return nil }
        let value = fields.dropFirst().lazy.compactMap { field -> String? in
            guard field.lowercased().hasPrefix("boundary=") else { return nil }
            return field.dropFirst("boundary=".count).trimmingCharacters(in: ["\""])
        }.first
        guard let value, (1...200).contains(value.utf8.count) else { return nil }
        return value
    }

    /// Splits the body; nil when it is not well formed or has no closing boundary.
    init?(body: Data, boundary: String) {
        let opening = Data("--\(boundary)".utf8)
        let delimiter = Data("\r\n--\(boundary)".utf8)
        guard let first = body.range(of: opening) else { return nil }
        guard first.lowerBound == body.startIndex || body[..<first.lowerBound].suffix(2) == Data("\r\n".utf8) else {
            return nil
        }
        var parts: [Part] = []
        var position = first.upperBound
        while true {
            let rest = body[position...]
            if rest.starts(with: Data("--".utf8)) { break }
            guard let lineEnd = rest.range(of: Data("\r\n".utf8)),
                let next = body.range(of: delimiter, in: max(lineEnd.upperBound - 2, position)..<body.endIndex),
                next.lowerBound >= lineEnd.upperBound,
                let part = Part(bytes: body[lineEnd.upperBound..<next.lowerBound])
            else { return nil }
            parts.append(part)
            position = next.upperBound
        }
        self.parts = parts
    }
}

extension MultipartForm.Part {
    /// The body as text; nil when it is not UTF-8.
    var text: String? {
        String(data: body, encoding: .utf8)
    }

    fileprivate init?(bytes: Data) {
        guard let blank = bytes.range(of: Data("\r\n\r\n".utf8)),
            let head = String(data: bytes[..<blank.lowerBound], encoding: .utf8)
        else { return nil }
        var disposition: [String: String]?
        var contentType: String?
        for line in head.components(separatedBy: "\r\n") {
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            switch line[..<colon].lowercased() {
            case "content-disposition": disposition = Self.parameters(value)
            case "content-type": contentType = value
            default: break
            }
        }
        guard let name = disposition?["name"] else { return nil }
        self.init(
            name: name, filename: disposition?["filename"], contentType: contentType, body: bytes[blank.upperBound...])
    }

    /// The `key="value"` pairs of a header; a semicolon or an escaped quote inside quotes does not end a value.
    private static func parameters(_ header: String) -> [String: String] {
        var found: [String: String] = [:]
        var field = ""
        var isQuoted = false
        var isEscaped = false
        func close() {
            if let equals = field.firstIndex(of: "=") {
                let key = field[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
                found[key] = String(field[field.index(after: equals)...])
            }
            field = ""
        }
        for character in header {
            if isEscaped {
                field.append(character)
                isEscaped = false
            } else if isQuoted, character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                isQuoted.toggle()
            } else if character == ";", !isQuoted {
                close()
            } else {
                field.append(character)
            }
        }
        close()
        return found
    }
}
