extension WebhookURL {
    /// The pieces of a URL as they are written, before anything is judged.
    struct Parts {
        let isSecure: Bool
        let host: Substring
        let port: Int?
        let target: String

        init(_ text: String) throws(InvalidWebhookURL) {
            guard text.utf8.count <= WebhookURL.charactersMax else {
                throw .invalid(reason: "the URL has more than \(WebhookURL.charactersMax) characters")
            }
            let (isSecure, rest) = try Self.afterScheme(text)
            let end = rest.firstIndex { "/?#\\".contains($0) } ?? rest.endIndex
            let authority = rest[..<end]
            guard !authority.contains("@") else {
                throw .forbidden(reason: "a URL with a user name or password is not allowed")
            }
            self.isSecure = isSecure
            (host, port) = try Self.hostAndPort(authority)
            target = try Self.target(rest[end...])
        }

        private static func afterScheme(_ text: String) throws(InvalidWebhookURL) -> (Bool, Substring) {
            for (scheme, isSecure) in [("https://", true), ("http://", false)] {
                let start = text.prefix(scheme.count)
                // Compared as ASCII: lower-casing a sign that is none could make it look like one.
                guard start.utf8.count == scheme.utf8.count, start.lowercased() == scheme else { continue }
                return (isSecure, text.dropFirst(scheme.count))
            }
            throw .invalid(reason: "the URL must begin with https://")
        }

        private static func hostAndPort(_ authority: Substring) throws(InvalidWebhookURL) -> (Substring, Int?) {
            guard !authority.isEmpty else { throw .invalid(reason: "the URL has no host") }
            // The colons of a literal stand in brackets.
            let afterHost = authority.lastIndex(of: "]").map { authority.index(after: $0) } ?? authority.startIndex
            guard let colon = authority[afterHost...].firstIndex(of: ":") else { return (authority, nil) }
            let digits = authority[authority.index(after: colon)...]
            guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(\.isDecimalDigit),
                let port = Int(digits), (1...65_535).contains(port)
            else { throw .invalid(reason: "the port must be a number from 1 to 65535") }
            return (authority[..<colon], port)
        }

        private static func target(_ text: Substring) throws(InvalidWebhookURL) -> String {
            guard !text.contains("#") else { throw .invalid(reason: "a URL with a fragment is not allowed") }
            // RFC 3986: everything else has to be percent-encoded.
            let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%".utf8)
            let bytes = Array(text.utf8)
            for (index, byte) in bytes.enumerated() {
                let isWhole =
                    byte != UInt8(ascii: "%") || bytes[(index + 1)...].prefix(2).count(where: \.isHexadecimalDigit) == 2
                guard allowed.contains(byte), isWhole else {
                    throw .invalid(reason: "a character of the path or query must be percent-encoded")
                }
            }
            return text.hasPrefix("/") ? String(text) : "/" + text
        }
    }
}
