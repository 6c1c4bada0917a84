package import RushesCore
import RushesDatabase
package import RushesStore

/// A delivery with its attempts and the body that was sent.
package struct DeliveryRecord: Sendable, Equatable {
    /// The delivery.
    package let delivery: WebhookDelivery
    /// Its attempts, in order.
    package let attempts: [WebhookAttempt]
    /// The body, the same for every attempt; nil once it was removed.
    package let body: String?
}

/// What a recovery would do, or does.
package enum RecoveryAnswer: Sendable, Equatable {
    /// So many deliveries would be made.
    case count(Int)
    /// They are being made.
    case begun(WebhookRecovery)
}

extension WebhookService {
    /// Deliveries to an endpoint, the newest first.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func deliveries(
        to endpoint: WebhookEndpointID, of organization: OrganizationID, before id: WebhookDeliveryID?,
        state: WebhookDelivery.State?, limit: Int
    ) async throws -> Page<WebhookDelivery> {
        try await engine.database.read { reader in
            guard try reader.webhookEndpoint(endpoint, of: organization) != nil else { throw Refusal.notFound }
            return Page(
                try reader.webhookDeliveries(to: endpoint, before: id, state: state, limit: limit + 1), limit: limit)
        }
    }

    /// A delivery with its attempts.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func delivery(
        _ id: WebhookDeliveryID, of organization: OrganizationID
    ) async throws -> DeliveryRecord {
        try await engine.database.read { reader in
            guard let delivery = try reader.webhookDelivery(id, of: organization) else { throw Refusal.notFound }
            return DeliveryRecord(
                delivery: delivery, attempts: try reader.webhookAttempts(of: id),
                body: try reader.webhookBodies(of: [delivery.event])[delivery.event])
        }
    }

    /// Sends a delivery once more, under the same `webhook-id` and with the same bytes.
    ///
    /// - Parameter includeSucceeded: also one that was taken.
    /// - Throws: `Refusal.webhookNotLost`, `Refusal.webhookBodyExpunged`, `Refusal.webhookEndpointDisabled`,
    ///   `Refusal.notFound`, `DatabaseError`.
    package func resend(
        _ id: WebhookDeliveryID, includeSucceeded: Bool, of organization: OrganizationID
    ) async throws -> WebhookDelivery {
        _ = try tools()
        let ids = engine.environment.ids
        let made = try await engine.database.write { transaction in
            guard let asked = try transaction.webhookDelivery(id, of: organization) else { throw Refusal.notFound }
            let endpoint = try transaction.lockOwnEndpoint(asked.endpoint, of: organization)
            guard endpoint.health.state != .disabled else { throw Refusal.webhookEndpointDisabled }
            guard let newest = try transaction.newestReplay(of: asked.event, to: endpoint.id) else {
                throw Refusal.notFound
            }
            let isLost = newest.state == .exhausted || newest.state == .skipped
            guard isLost || (newest.state == .succeeded && includeSucceeded) else {
                throw Refusal.webhookNotLost(newest.state)
            }
            guard try transaction.lockWebhookBodies(of: [newest.event]).contains(newest.event) else {
                throw Refusal.webhookBodyExpunged
            }
            try transaction.replay([(newest, dueAt: transaction.now)], .manual, to: endpoint, ids: ids)
            guard let made = try transaction.newestReplay(of: asked.event, to: endpoint.id) else {
                throw Refusal.notFound
            }
            return made
        }
        engine.signals.courier.wake()
        return made
    }

    /// Sends a sample of an event to an endpoint at once, and waits for what comes of it; it counts for nothing.
    ///
    /// - Throws: `Refusal.tooManyWebhookTests`, `Refusal.notFound`, `DatabaseError`.
    package func test(
        _ id: WebhookEndpointID, _ type: EventType, of organization: OrganizationID
    ) async throws -> DeliveryRecord {
        let tools = try tools()
        let event = engine.environment.ids.next(EventIdentity.self)
        let (endpoint, now) = try await engine.database.write { transaction in
            let endpoint = try transaction.lockOwnEndpoint(id, of: organization)
            guard try transaction.countTest(of: organization, max: Limits.webhookTestsPerMinuteMax) else {
                throw Refusal.tooManyWebhookTests
            }
            return (endpoint, transaction.now)
        }
        let message = RenderedEvent(
            id: event, organization: organization, type: type.rawValue,
            body: try tools.renderer.sample(type, event, now))
        let sent = try await WebhookDispatch(engine, tools).sendNow(message, to: endpoint)
        return try await delivery(sent.id, of: organization)
    }

    /// Sends once more what an endpoint did not get in a span of time: what has used up its attempts, and what was
    /// skipped while the endpoint was disabled.
    ///
    /// - Parameter isDryRun: only says how much that is.
    /// - Throws: `Refusal.webhookRecoverRange`, `Refusal.webhookEndpointDisabled`, `Refusal.notFound`,
    ///   `DatabaseError`.
    package func recover(
        _ id: WebhookEndpointID, since: Timestamp, until: Timestamp?, isDryRun: Bool, of organization: OrganizationID
    ) async throws -> RecoveryAnswer {
        _ = try tools()
        let recovery = engine.environment.ids.next(WebhookRecoveryIdentity.self)
        let answer = try await engine.database.write { transaction in
            let endpoint = try transaction.lockOwnEndpoint(id, of: organization)
            let (now, until) = (transaction.now, until ?? transaction.now)
            guard since <= until, now.milliseconds(since: since) <= Limits.recoveryMilliseconds else {
                throw Refusal.webhookRecoverRange
            }
            let max = Limits.recoveryDeliveriesMax
            let total = try transaction.countOfLostDeliveries(to: id, since: since, until: until, max: max + 1)
            if isDryRun { return RecoveryAnswer.count(total) }
            guard endpoint.health.state != .disabled else { throw Refusal.webhookEndpointDisabled }
            guard total <= max else { throw Refusal.webhookRecoverRange }
            let begun = WebhookRecovery(
                id: recovery, organization: organization, endpoint: id, since: since, until: until, lastSequence: 0,
                total: total, enqueued: 0, createdAt: now, endedAt: nil)
            try transaction.insert(begun)
            return .begun(begun)
        }
        engine.signals.announcer.wake()
        return answer
    }

    /// How far a recovery is.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func recovery(_ id: WebhookRecoveryID, of organization: OrganizationID) async throws -> WebhookRecovery {
        try await engine.database.read { reader in
            guard let recovery = try reader.webhookRecovery(id, of: organization) else { throw Refusal.notFound }
            return recovery
        }
    }
}
