package import RushesCore
package import RushesDatabase

/// What webhooks need beside the engine: a way out, a way to write bodies, and the key of the secrets.
///
/// An installation without a key has none of it: its feed can be read, but nothing is sent.
package struct WebhookTools: Sendable {
    /// The database, over connections of its own where it has several: a receiver that hangs takes none from others.
    package let database: any Database
    /// The way out.
    package let sender: any WebhookSender
    /// Opens and closes secrets.
    package let seal: SecretSeal
    /// Where messages may go.
    package let urlPolicy: WebhookURLPolicy
    /// Writes bodies.
    package let renderer: WebhookRenderer

    /// Tools from their parts.
    package init(
        database: any Database, sender: any WebhookSender, seal: SecretSeal, urlPolicy: WebhookURLPolicy,
        renderer: WebhookRenderer
    ) {
        self.database = database
        self.sender = sender
        self.seal = seal
        self.urlPolicy = urlPolicy
        self.renderer = renderer
    }
}

/// Writes the bodies of events; the contract of their shape is not the engine's.
package struct WebhookRenderer: Sendable {
    /// The body of an event.
    package let body: @Sendable (EventSnapshot) throws -> String
    /// A body that shows what an event of a type looks like.
    package let sample: @Sendable (EventType, EventID, Timestamp) throws -> String

    /// A renderer from its parts.
    package init(
        body: @escaping @Sendable (EventSnapshot) throws -> String,
        sample: @escaping @Sendable (EventType, EventID, Timestamp) throws -> String
    ) {
        self.body = body
        self.sample = sample
    }
}
