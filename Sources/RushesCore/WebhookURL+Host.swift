extension WebhookURL {
    /// The host of a URL: a name in lower case, or an address.
    struct Host {
        let text: String
        let address: NetworkAddress?

        init(_ written: Substring) throws(InvalidWebhookURL) {
            guard written.utf8.allSatisfy({ $0 < 0x80 }) else {
                throw .invalid(reason: "write the host in its ASCII form, which begins with xn--")
            }
            let host = written.lowercased()
            if host.hasPrefix("[") {
                guard host.hasSuffix("]"), let address = NetworkAddress(String(host.dropFirst().dropLast())),
                    !address.isVersion4
                else { throw .invalid(reason: "the address in brackets cannot be read") }
                (text, self.address) = (address.description, address)
            } else if Self.looksLikeAddress(host) {
                guard let address = NetworkAddress(host) else {
                    throw .invalid(reason: "the host is neither a name nor an address of four decimal numbers")
                }
                (text, self.address) = (host, address)
            } else {
                try Self.checkName(host)
                (text, address) = (host, nil)
            }
        }

        /// Throws when the policy does not allow the host.
        func check(_ policy: WebhookURLPolicy) throws(InvalidWebhookURL) {
            if policy.allowsPrivate { return }
            guard !policy.ownHosts.contains(text) else {
                throw .forbidden(reason: "the host is the one of this service itself")
            }
            if let address {
                guard policy.allowedBlocks.contains(where: { $0.contains(address) }) else {
                    throw .forbidden(reason: "the host must be a name, not an address")
                }
                return
            }
            guard !text.hasSuffix(".") else { throw .forbidden(reason: "the host must not end with a dot") }
            guard text.contains("."), !Self.privateEndings.contains(where: { ".\(text)".hasSuffix($0) }) else {
                throw .forbidden(reason: "the host must be a public name")
            }
        }

        /// Endings that never name a public host (RFC 6761, 6762, 8375 and ICANN's choice for private use).
        private static let privateEndings = [".localhost", ".local", ".internal", ".home.arpa"]

        /// True when some program reads the host as an address: its last label is a number, decimal or hexadecimal,
        /// as in `0x7f.1` and `2130706433` (the rule of the URL standard), also with a dot behind it.
        private static func looksLikeAddress(_ host: String) -> Bool {
            let labels = host.split(separator: ".")
            guard let last = labels.last else { return false }
            if last.utf8.allSatisfy(\.isDecimalDigit) { return true }
            return last.hasPrefix("0x") && last.dropFirst(2).utf8.allSatisfy(\.isHexadecimalDigit)
        }

        private static func checkName(_ host: String) throws(InvalidWebhookURL) {
            var labels = host.split(separator: ".", omittingEmptySubsequences: false)
            // One dot at the end is a name still, if not one that is allowed.
            if labels.count > 1, labels.last == "" { labels.removeLast() }
            let isName = labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                    && label.utf8.allSatisfy { $0.isDecimalDigit || (0x61...0x7a).contains($0) || $0 == 0x2d }
            }
            guard isName, host.utf8.count <= 253 else {
                throw .invalid(reason: "the host is not a name of letters, digits, hyphens and dots")
            }
        }
    }
}
