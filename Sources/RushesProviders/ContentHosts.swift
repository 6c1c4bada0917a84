#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The hosts from which a provider's videos may come, besides the provider itself.
package struct ContentHosts: Sendable, Equatable {
    /// Host names, or `*.` and a domain; empty allows every public name over HTTPS.
    package let patterns: [String]

    /// Every host of the public network by name, over HTTPS.
    package static let anyPublic = ContentHosts(patterns: [])

    /// Hosts by their patterns.
    package init(patterns: [String]) {
        self.patterns = patterns.map { $0.lowercased() }
    }

    /// True when a video may be fetched there; a provider must not send us into our own network.
    func allow(_ url: URL, besides owner: URL) -> Bool {
        if Self.isSameOrigin(url, owner) { return true }
        guard url.scheme?.lowercased() == "https", url.user == nil, let host = url.host?.lowercased() else {
            return false
        }
        if patterns.isEmpty { return (url.port ?? 443) == 443 && Self.isPublicName(host) }
        return patterns.contains { pattern in
            pattern.hasPrefix("*.") ? host.hasSuffix(pattern.dropFirst()) : host == pattern
        }
    }

    /// True when both have the same scheme, host and port.
    static func isSameOrigin(_ one: URL, _ other: URL) -> Bool {
        guard let scheme = one.scheme?.lowercased(), let host = one.host?.lowercased() else { return false }
        return scheme == other.scheme?.lowercased() && host == other.host?.lowercased() && one.user == nil
            && port(one, scheme) == port(other, scheme)
    }

    private static func port(_ url: URL, _ scheme: String) -> Int { url.port ?? (scheme == "https" ? 443 : 80) }

    /// Neither an address in digits nor a name that only a private network knows.
    private static func isPublicName(_ host: String) -> Bool {
        let labels = host.split(separator: ".")
        guard labels.count >= 2, let last = labels.last, last.allSatisfy(\.isLetter) || last.hasPrefix("xn--") else {
            return false
        }
        return !["local", "localhost", "internal", "lan", "home", "arpa", "test", "invalid"].contains(last)
    }
}
