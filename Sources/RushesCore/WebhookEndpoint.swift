/// A customer's address for events.
package struct WebhookEndpoint: Sendable, Equatable {
    /// Identifier, `wep_...`.
    package let id: WebhookEndpointID
    /// Who owns it.
    package let organization: OrganizationID
    /// What the customer chose.
    package var settings: WebhookEndpointSettings
    /// Whether it is sent to.
    package var health: EndpointHealth
    /// Counts the customer's changes, from 1.
    package var revision: Int
    /// When it was made.
    package let createdAt: Timestamp
    /// When the customer last changed it.
    package var changedAt: Timestamp
    /// True when it was deleted: nothing is sent any more, and nobody finds it.
    package let isDeleted: Bool

    /// An endpoint from its parts.
    package init(
        id: WebhookEndpointID, organization: OrganizationID, settings: WebhookEndpointSettings,
        health: EndpointHealth = EndpointHealth(), revision: Int = 1, createdAt: Timestamp, changedAt: Timestamp,
        isDeleted: Bool = false
    ) {
        self.id = id
        self.organization = organization
        self.settings = settings
        self.health = health
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.isDeleted = isDeleted
    }
}

/// What a customer chooses for an endpoint.
package struct WebhookEndpointSettings: Sendable, Equatable {
    /// Where messages go.
    package var url: String
    /// What it is for.
    package var description: String
    /// What it takes.
    package var filter: EventFilter
    /// When it is tried again.
    package var profile: RetryProfile
    /// Messages per second, at most.
    package var maxPerSecond: Int
    /// Messages at the same time, at most.
    package var maxInFlight: Int

    /// Settings from their parts.
    package init(
        url: String, description: String = "", filter: EventFilter = .standard, profile: RetryProfile = .contract,
        maxPerSecond: Int = Limits.webhooksPerSecondDefault, maxInFlight: Int = Limits.webhooksInFlightDefault
    ) {
        self.url = url
        self.description = description
        self.filter = filter
        self.profile = profile
        self.maxPerSecond = maxPerSecond
        self.maxInFlight = maxInFlight
    }
}

/// A secret that messages to an endpoint are signed with, sealed as it is kept.
package struct SealedWebhookSecret: Sendable, Equatable {
    /// Identifier, `whs_...`.
    package let id: WebhookSecretID
    /// Whose.
    package let endpoint: WebhookEndpointID
    /// The sealed text.
    package let sealed: String
    /// Its last four characters, to tell one from another.
    package let hint: String
    /// When it was made.
    package let createdAt: Timestamp
    /// From when on it signs no more; nil for the newest one.
    package var endsAt: Timestamp?

    /// A secret from its parts.
    package init(
        id: WebhookSecretID, endpoint: WebhookEndpointID, sealed: String, hint: String, createdAt: Timestamp,
        endsAt: Timestamp?
    ) {
        self.id = id
        self.endpoint = endpoint
        self.sealed = sealed
        self.hint = hint
        self.createdAt = createdAt
        self.endsAt = endsAt
    }

    /// True while it signs.
    package func signs(at now: Timestamp) -> Bool { endsAt.map { now < $0 } ?? true }
}
