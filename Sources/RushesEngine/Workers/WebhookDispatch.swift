import Logging
import Metrics
package import RushesCore
import RushesDatabase
import RushesStore

/// A delivery of which an attempt has begun, with what it takes to make it.
package struct ClaimedDelivery: Sendable {
    /// The delivery, as it is since.
    package let delivery: WebhookDelivery
    /// Its endpoint, as it was when the attempt began.
    package let endpoint: WebhookEndpoint
    let secrets: [SealedWebhookSecret]
    let body: String
    /// When the attempt began, by the database.
    let startedAt: Timestamp
}

/// An attempt with what came of it.
package struct DeliveryOutcome: Sendable {
    let claimed: ClaimedDelivery
    let exchange: WebhookExchange
    let url: String
    let requestHeaders: [String: String]
}

/// The three steps of an attempt, each by itself: begin it in the database, make it, write what came of it.
///
/// A crash between the first and the last leaves a lease that runs out; the attempt then counts as lost. No delivery
/// is ever begun more often than its profile allows.
package struct WebhookDispatch: Sendable {
    let engine: Engine
    let tools: WebhookTools

    /// The steps over an engine.
    package init(_ engine: Engine, _ tools: WebhookTools) {
        self.engine = engine
        self.tools = tools
    }

    /// Begins attempts of deliveries that are due, at most so many, and of pings that ask whether held endpoints are
    /// up.
    ///
    /// - Throws: `DatabaseError`.
    package func claim(_ slots: Int) async throws -> [ClaimedDelivery] {
        guard slots > 0 else { return [] }
        let (queues, probes) = try await tools.database.read { reader in
            (
                try reader.webhookEndpointsToLookAt(limit: Limits.endpointsPerClaimMax),
                try reader.webhookEndpointsToProbe(limit: slots)
            )
        }
        if queues.isEmpty && probes.isEmpty { return [] }
        let (tools, ids) = (tools, engine.environment.ids)
        return try await tools.database.write { transaction in
            let begun = try transaction.beginProbes(of: probes, tools.renderer, ids: ids)
            return try begun + transaction.begin(from: queues, slots: slots - begun.count)
        }
    }

    /// Makes one attempt.
    package func send(_ claimed: ClaimedDelivery) async -> DeliveryOutcome {
        let delivery = claimed.delivery
        var fields: [HeaderField] = [
            HeaderField("rushes-event", delivery.type), HeaderField("rushes-delivery", delivery.id.rawValue),
            HeaderField("rushes-attempt", String(delivery.attempts)),
            HeaderField("rushes-replay", String(delivery.replay)),
        ]
        let url = claimed.endpoint.settings.url
        let masked = (try? WebhookURL(url, policy: tools.urlPolicy))?.masked ?? "***"
        let shown = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
        func outcome(_ exchange: WebhookExchange) -> DeliveryOutcome {
            DeliveryOutcome(claimed: claimed, exchange: exchange, url: masked, requestHeaders: shown)
        }
        do {
            let secrets = try claimed.secrets.compactMap { secret in
                WebhookSecret(try tools.seal.open(secret.sealed, for: secret.endpoint.rawValue))
            }
            let (body, now) = (Array(claimed.body.utf8), engine.environment.now())
            fields += [
                HeaderField("webhook-id", delivery.event.rawValue),
                HeaderField("webhook-timestamp", String(now.seconds)),
                HeaderField(
                    "webhook-signature",
                    StandardWebhook.sign(id: delivery.event.rawValue, timestamp: now, body: body, secrets: secrets)),
            ]
            return outcome(await tools.sender.send(WebhookMessage(url: url, headers: fields, body: body)))
        } catch {
            // Without its secret nothing can be signed: an operator must bring the key back.
            engine.logger.error(
                "webhook secret cannot be opened", metadata: ["endpoint": "\(delivery.endpoint)", "error": "\(error)"])
            return outcome(WebhookExchange(failure: .workerLost))
        }
    }

    /// Writes what came of attempts; an attempt that somebody else has counted as lost meanwhile is left as it is.
    ///
    /// - Returns: the deliveries as they are now, in the order of the outcomes.
    /// - Throws: `DatabaseError`.
    @discardableResult
    package func record(_ outcomes: [DeliveryOutcome]) async throws -> [WebhookDelivery] {
        let (ids, jitter) = (engine.environment.ids, outcomes.map { _ in engine.jitterPermille() })
        let ended = try await tools.database.writeByKey { transaction in
            try transaction.record(outcomes, jitter: jitter, ids: ids)
        }
        for delivery in ended { count(delivery.state, delivery.failure) }
        return ended
    }

    /// Counts attempts as lost whose worker has not come back in time.
    ///
    /// - Throws: `DatabaseError`.
    package func recordLost() async throws -> Int {
        let lost = try await tools.database.read { reader in
            try reader.lostDeliveries(limit: Limits.deliveriesPerClaimMax)
        }
        guard !lost.isEmpty else { return 0 }
        let jitter = lost.map { _ in engine.jitterPermille() }
        return try await tools.database.writeByKey { transaction in
            try transaction.record(lost: lost, jitter: jitter)
        }
    }

    private func count(_ state: WebhookDelivery.State, _ failure: DeliveryFailure?) {
        Counter(
            label: "rushes_webhook_attempts_total",
            dimensions: [("outcome", failure?.rawValue ?? "success"), ("state", state.rawValue)]
        ).increment()
    }
}

extension WebhookDispatch {
    /// Sends a message to an endpoint at once, outside of every queue, and waits for what comes of it.
    ///
    /// - Parameter trigger: a test; it counts for nothing.
    /// - Throws: `DatabaseError`.
    func sendNow(
        _ message: RenderedEvent, to endpoint: WebhookEndpoint
    ) async throws -> WebhookDelivery {
        let id = engine.environment.ids.next(WebhookDeliveryIdentity.self)
        let claimed = try await tools.database.write { transaction in
            try transaction.insert([message])
            return try transaction.begin(message, as: id, .test, to: endpoint)
        }
        return try await record([await send(claimed)]).first ?? claimed.delivery
    }
}
