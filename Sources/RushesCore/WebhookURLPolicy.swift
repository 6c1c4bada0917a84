/// What an operator allows the URLs of webhooks to be.
package struct WebhookURLPolicy: Hashable, Sendable {
    /// True in development: plain HTTP, every port, every address and every name are allowed.
    package let allowsPrivate: Bool
    /// Ports that may be named.
    package let ports: Set<Int>
    /// Blocks of addresses that are allowed although they are not public.
    package let allowedBlocks: [AddressBlock]
    /// Hosts of this installation itself: what it sends never comes back to it.
    package let ownHosts: Set<String>

    /// Ports that are allowed when the operator says nothing.
    package static let defaultPorts: Set<Int> = [443, 8_443]

    /// A policy from its parts; without any, the one for production.
    package init(
        allowsPrivate: Bool = false, ports: Set<Int> = Self.defaultPorts, allowedBlocks: [AddressBlock] = [],
        ownHosts: Set<String> = []
    ) {
        self.allowsPrivate = allowsPrivate
        self.ports = ports
        self.allowedBlocks = allowedBlocks
        self.ownHosts = ownHosts
    }

    /// The rule for the addresses that a name turns out to have.
    package var addressRules: AddressRules {
        AddressRules(allowsPrivate: allowsPrivate, allowedBlocks: allowedBlocks)
    }
}

/// Why a text is no URL that a webhook may be sent to; the reason is a sentence for the customer.
package enum InvalidWebhookURL: Error, Hashable, Sendable {
    /// It is not written as such a URL is.
    case invalid(reason: String)
    /// It is a URL, and leads where webhooks are not sent.
    case forbidden(reason: String)

    /// The sentence for the customer.
    package var reason: String {
        switch self {
        case .invalid(let reason), .forbidden(let reason): reason
        }
    }
}
