/// A URL that webhooks may be sent to, read so strictly that nobody after us can read it differently.
///
/// What its name turns out to mean is judged again for each attempt, by `AddressRules`.
package struct WebhookURL: Hashable, Sendable {
    /// True for `https`.
    package let isSecure: Bool
    /// The name or the literal address, in lower case and without brackets.
    package let host: String
    /// The address, when the host is one.
    package let address: NetworkAddress?
    /// The port, written or by the scheme.
    package let port: Int
    /// Path and query, `/` at least.
    package let target: String

    /// Characters of the longest URL.
    package static let charactersMax = 2_048

    /// Reads a URL.
    ///
    /// Throws `InvalidWebhookURL.invalid` when the text is not such a URL, `.forbidden` when the policy does not allow
    /// it; both carry a sentence for the customer.
    package init(_ text: String, policy: WebhookURLPolicy) throws(InvalidWebhookURL) {
        let parts = try Parts(text)
        guard parts.isSecure || policy.allowsPrivate else {
            throw .forbidden(reason: "the URL must begin with https://")
        }
        let host = try Host(parts.host)
        try host.check(policy)
        let port = parts.port ?? (parts.isSecure ? 443 : 80)
        guard policy.allowsPrivate || policy.ports.contains(port) else {
            let ports = policy.ports.sorted().map { String($0) }.joined(separator: ", ")
            throw .forbidden(reason: "the port \(port) is not one of \(ports)")
        }
        isSecure = parts.isSecure
        self.host = host.text
        address = host.address
        self.port = port
        target = parts.target
    }

    /// The authority as the header `host` carries it: without the port that the scheme implies.
    package var authority: String {
        let name = address.map { $0.isVersion4 ? host : "[\(host)]" } ?? host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }
}

extension WebhookURL: CustomStringConvertible {
    /// The URL in its canonical spelling.
    package var description: String { (isSecure ? "https://" : "http://") + authority + target }

    /// The URL with the values of its query hidden, as logs show it: customers put tokens there.
    package var masked: String {
        guard let mark = description.firstIndex(of: "?") else { return description }
        let pairs = description[description.index(after: mark)...].split(
            separator: "&", omittingEmptySubsequences: false)
        let hidden = pairs.map { pair in
            pair.firstIndex(of: "=").map { pair[...$0] + "***" } ?? (pair.isEmpty ? "" : "***")
        }
        return description[...mark] + hidden.joined(separator: "&")
    }
}
