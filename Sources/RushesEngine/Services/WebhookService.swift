package import RushesCore
import RushesDatabase
import RushesStore

/// A customer's endpoints for events.
package struct WebhookService: Sendable {
    let engine: Engine
    private let webhooks: WebhookTools?

    /// The service of an engine; without tools everything is refused but reading the feed.
    package init(_ engine: Engine, _ webhooks: WebhookTools?) {
        self.engine = engine
        self.webhooks = webhooks
    }

    func tools() throws(Refusal) -> WebhookTools {
        guard let webhooks else { throw .webhooksUnavailable }
        return webhooks
    }
}

/// What a customer changes of an endpoint; nil leaves a member as it is.
package struct WebhookEndpointChange: Sendable, Equatable {
    /// Where messages go.
    package var url: String?
    /// What it is for.
    package var description: String?
    /// What it takes.
    package var eventTypes: [String]?
    /// When it is tried again.
    package var profile: RetryProfile?
    /// Messages per second.
    package var maxPerSecond: Int?
    /// Messages at the same time.
    package var maxInFlight: Int?

    /// No change.
    package init() {}
}

/// A secret that has just been made: the only time that it is shown.
package struct ShownWebhookSecret: Sendable, Equatable {
    /// How it is kept.
    package let secret: SealedWebhookSecret
    /// The secret, `whsec_...`.
    package let text: String
}

extension WebhookService {
    /// All endpoints, oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func endpoints(of organization: OrganizationID) async throws -> [WebhookEndpoint] {
        try await engine.database.read { reader in try reader.webhookEndpoints(of: organization) }
    }

    /// An endpoint.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func endpoint(_ id: WebhookEndpointID, of organization: OrganizationID) async throws -> WebhookEndpoint {
        try await engine.database.read { reader in
            guard let endpoint = try reader.webhookEndpoint(id, of: organization) else { throw Refusal.notFound }
            return endpoint
        }
    }

    /// Makes an endpoint with its first secret; it is told of events from now on.
    ///
    /// - Throws: `Refusal` when something of it is not allowed, `DatabaseError`.
    package func create(
        _ change: WebhookEndpointChange, for organization: OrganizationID
    ) async throws -> (endpoint: WebhookEndpoint, secret: ShownWebhookSecret) {
        let tools = try tools()
        var settings = WebhookEndpointSettings(url: "")
        try settings.apply(change, tools.urlPolicy)
        guard change.url != nil else { throw Refusal.invalidArgument(name: "url", reason: "an endpoint has a URL") }
        let (chosen, ids) = (settings, engine.environment.ids)
        let id = ids.next(WebhookEndpointIdentity.self)
        let secret = try NewSecret(for: id, engine, tools)
        return try await engine.database.write { transaction in
            guard try transaction.makeWebhookCursor(organization) != nil else { throw Refusal.notFound }
            guard try transaction.webhookEndpoints(of: organization).count < Limits.webhookEndpointsMax else {
                throw Refusal.tooManyWebhookEndpoints
            }
            let endpoint = WebhookEndpoint(
                id: id, organization: organization, settings: chosen, createdAt: transaction.now,
                changedAt: transaction.now)
            try transaction.insert(endpoint)
            try transaction.refreshWishes(of: organization)
            return (endpoint, try secret.insert(into: transaction, endingOlderAt: transaction.now))
        }
    }

    /// Changes an endpoint; with a revision only if nobody else has changed it since.
    ///
    /// - Throws: `Refusal` when it is not found, was changed, or something of it is not allowed; `DatabaseError`.
    package func change(
        _ id: WebhookEndpointID, _ change: WebhookEndpointChange, ifRevision revision: Int? = nil,
        of organization: OrganizationID
    ) async throws -> WebhookEndpoint {
        let policy = try tools().urlPolicy
        return try await engine.database.write { transaction in
            var endpoint = try transaction.lockOwnEndpoint(id, of: organization)
            if let revision, revision != endpoint.revision {
                throw Refusal.revisionMismatch(current: endpoint.revision)
            }
            try endpoint.settings.apply(change, policy)
            endpoint.revision += 1
            endpoint.changedAt = transaction.now
            try transaction.save(settingsOf: endpoint)
            try transaction.refreshWishes(of: organization)
            return endpoint
        }
    }

    /// Deletes an endpoint; what waits for it is cancelled.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func delete(_ id: WebhookEndpointID, of organization: OrganizationID) async throws {
        try await engine.database.write { transaction in
            let endpoint = try transaction.lockOwnEndpoint(id, of: organization)
            try transaction.delete(endpoint.id)
            try transaction.startMoving(endpoint.id)
            try transaction.refreshWishes(of: organization)
        }
        engine.signals.announcer.wake()
    }

    /// Stops sending to an endpoint; events are noted as skipped from now on. Again it changes nothing.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func disable(_ id: WebhookEndpointID, of organization: OrganizationID) async throws -> WebhookEndpoint {
        let ids = engine.environment.ids
        return try await engine.database.write { transaction in
            var endpoint = try transaction.lockOwnEndpoint(id, of: organization)
            guard endpoint.health.disable(.manual, at: transaction.now) == .disable else { return endpoint }
            try transaction.save(healthOf: endpoint)
            try transaction.startMoving(id)
            try transaction.announceDisabled(endpoint, ids: ids)
            return endpoint
        }
    }

    /// Sends to a disabled endpoint again, when it takes a ping or `force` says so. What was skipped stays skipped
    /// until it is recovered.
    ///
    /// - Throws: `Refusal.webhookTestFailed`, `Refusal.notFound`, `DatabaseError`.
    package func enable(
        _ id: WebhookEndpointID, force: Bool, of organization: OrganizationID
    ) async throws -> WebhookEndpoint {
        if !force {
            let tested = try await test(id, .webhookPing, of: organization).delivery
            if let failure = tested.failure {
                throw Refusal.webhookTestFailed(WebhookTestFailure(failure: failure, delivery: tested.id))
            }
        }
        return try await engine.database.write { transaction in
            var endpoint = try transaction.lockOwnEndpoint(id, of: organization)
            _ = endpoint.health.enable()
            try transaction.save(healthOf: endpoint)
            return endpoint
        }
    }

    /// The secrets that sign, newest first.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func secrets(
        of id: WebhookEndpointID, in organization: OrganizationID
    ) async throws -> [SealedWebhookSecret] {
        try await engine.database.read { reader in
            guard try reader.webhookEndpoint(id, of: organization) != nil else { throw Refusal.notFound }
            return try reader.signingSecrets(of: id)
        }
    }

    /// Makes a new secret; the older ones sign beside it for a while, so that receivers can change over.
    ///
    /// - Throws: `Refusal.tooManyWebhookSecrets`, `Refusal.notFound`, `DatabaseError`.
    package func rotate(
        _ id: WebhookEndpointID, overlapSeconds: Int, of organization: OrganizationID
    ) async throws -> ShownWebhookSecret {
        let tools = try tools()
        guard (0...Limits.webhookSecretOverlapSecondsMax).contains(overlapSeconds) else {
            throw Refusal.invalidArgument(
                name: "expire_previous_in", reason: "0 to \(Limits.webhookSecretOverlapSecondsMax) seconds")
        }
        let secret = try NewSecret(for: id, engine, tools)
        return try await engine.database.write { transaction in
            _ = try transaction.lockOwnEndpoint(id, of: organization)
            if overlapSeconds > 0, try transaction.signingSecrets(of: id).count >= Limits.webhookSecretsMax {
                throw Refusal.tooManyWebhookSecrets
            }
            return try secret.insert(
                into: transaction, endingOlderAt: transaction.now.adding(milliseconds: Int64(overlapSeconds) * 1_000))
        }
    }
}

/// A secret that was made for an endpoint and is not written yet.
private struct NewSecret: Sendable {
    private let id: WebhookSecretID
    private let endpoint: WebhookEndpointID
    private let text: String
    private let sealed: String

    init(for endpoint: WebhookEndpointID, _ engine: Engine, _ tools: WebhookTools) throws(SecretSealError) {
        let environment = engine.environment
        id = environment.ids.next(WebhookSecretIdentity.self)
        self.endpoint = endpoint
        text = WebhookSecret(environment.random).text
        sealed = try tools.seal.seal(text, for: endpoint.rawValue, environment.random)
    }

    /// Writes it; the older ones of the endpoint sign until a time at most.
    func insert(
        into transaction: any SQLTransaction, endingOlderAt end: Timestamp
    ) throws(DatabaseError) -> ShownWebhookSecret {
        let secret = SealedWebhookSecret(
            id: id, endpoint: endpoint, sealed: sealed, hint: String(text.suffix(4)), createdAt: transaction.now,
            endsAt: nil)
        try transaction.insert(secret, endingOlderAt: end)
        return ShownWebhookSecret(secret: secret, text: text)
    }
}

extension SQLTransaction {
    /// Locks a customer's own endpoint, after the cursor that all changes of the organization's endpoints wait for.
    func lockOwnEndpoint(_ id: WebhookEndpointID, of organization: OrganizationID) throws -> WebhookEndpoint {
        guard try lockWebhookCursor(organization) != nil, let endpoint = try lockWebhookEndpoint(id),
            endpoint.organization == organization, !endpoint.isDeleted
        else { throw Refusal.notFound }
        return endpoint
    }
}

extension WebhookEndpointSettings {
    /// Takes over what a customer has chosen.
    ///
    /// - Throws: `Refusal` naming what is not allowed.
    fileprivate mutating func apply(_ change: WebhookEndpointChange, _ policy: WebhookURLPolicy) throws(Refusal) {
        if let url = change.url {
            do {
                self.url = try WebhookURL(url, policy: policy).description
            } catch {
                throw .webhookURL(error)
            }
        }
        if let description = change.description {
            try Self.check("description", description.count, 0...Limits.webhookDescriptionCharactersMax, "characters")
            self.description = description
        }
        if let types = change.eventTypes {
            try Self.check("event_types", types.count, 1...EventType.allCases.count, "names")
            do {
                filter = try EventFilter(types)
            } catch {
                throw .unknownEventType(error.pattern)
            }
        }
        profile = change.profile ?? profile
        if let rate = change.maxPerSecond {
            try Self.check("max_per_second", rate, 1...Limits.webhooksPerSecondMax, "a second")
            maxPerSecond = rate
        }
        if let count = change.maxInFlight {
            try Self.check("max_in_flight", count, 1...Limits.webhooksInFlightMax, "at the same time")
            maxInFlight = count
        }
    }

    private static func check(
        _ name: String, _ value: Int, _ allowed: ClosedRange<Int>, _ unit: String
    ) throws(Refusal) {
        guard allowed.contains(value) else {
            throw .invalidArgument(name: name, reason: "\(allowed.lowerBound) to \(allowed.upperBound) \(unit)")
        }
    }
}
