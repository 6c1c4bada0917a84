import RushesCore
import RushesDatabase
import RushesStore

extension SQLTransaction {
    /// Begins attempts from the heads of queues; those of endpoints that somebody else has locked are left to them.
    func begin(from queues: [WebhookEndpointID], slots: Int) throws(DatabaseError) -> [ClaimedDelivery] {
        if queues.isEmpty { return [] }
        let endpoints = try lockFreeWebhookEndpoints(Set(queues))
        let claims = try claims(of: queues.compactMap { endpoints[$0] }, slots: slots)
        let steps = claims.flatMap(\.claim.steps)
        let won = try swap(steps.map { ($0.before, $0.after) })
        try save(looks: claims)
        let begun = zip(steps, won).filter { $1 && $0.after.state == .sending }.map(\.0.after)
        let bodies = try webhookBodies(of: Set(begun.map(\.event)))
        let secrets = try webhookSecrets(of: Array(Set(begun.map(\.endpoint))).sorted())
        return try begun.map { delivery throws(DatabaseError) in
            guard let endpoint = endpoints[delivery.endpoint], let body = bodies[delivery.event] else {
                throw DatabaseError(.decoding, "delivery \(delivery.id) has no body")
            }
            return ClaimedDelivery(
                delivery: delivery, endpoint: endpoint, secrets: secrets[endpoint.id] ?? [], body: body,
                startedAt: now)
        }
    }

    private func claims(
        of endpoints: [WebhookEndpoint], slots: Int
    ) throws(DatabaseError) -> [(endpoint: WebhookEndpointID, claim: DeliveryClaim)] {
        let underWay = try deliveriesUnderWay()
        var (slots, moved) = (slots, 0)
        var claims: [(endpoint: WebhookEndpointID, claim: DeliveryClaim)] = []
        for endpoint in endpoints where slots > 0 && moved < Limits.deliveriesPerRestMax {
            let running = underWay[endpoint.id] ?? 0
            let length = endpoint.headLength(underWay: running, slots: slots)
            let head = try queueHead(of: endpoint.id, limit: length)
            let claim = DeliveryClaim(head, upTo: length, of: endpoint, underWay: running, at: now)
            slots -= claim.begun
            moved += claim.steps.count - claim.begun
            claims.append((endpoint.id, claim))
        }
        return claims
    }

    /// Begins a ping for each held endpoint whose time has come, unless somebody else does.
    func beginProbes(
        of ids: [WebhookEndpointID], _ renderer: WebhookRenderer, ids source: any IDSource
    ) throws -> [ClaimedDelivery] {
        var begun: [ClaimedDelivery] = []
        for (_, locked) in try lockFreeWebhookEndpoints(Set(ids)).sorted(by: { $0.key < $1.key }) {
            var endpoint = locked
            guard !endpoint.isDeleted, let probeAt = endpoint.health.probeAt, probeAt <= now else { continue }
            endpoint.health.probing(at: now)
            try save(healthOf: endpoint)
            let event = source.next(EventIdentity.self)
            let message = RenderedEvent(
                id: event, organization: endpoint.organization, type: EventType.webhookPing.rawValue,
                body: try renderer.sample(.webhookPing, event, now))
            try insert([message])
            begun.append(try begin(message, as: source.next(WebhookDeliveryIdentity.self), .probe, to: endpoint))
        }
        return begun
    }

    /// Begins the only attempt of a message that is in no feed.
    func begin(
        _ message: RenderedEvent, as id: WebhookDeliveryID, _ trigger: WebhookDelivery.Trigger,
        to endpoint: WebhookEndpoint
    ) throws(DatabaseError) -> ClaimedDelivery {
        let delivery = WebhookDelivery(
            id: id, organization: endpoint.organization, endpoint: endpoint.id, event: message.id, eventSequence: nil,
            type: message.type, trigger: trigger, state: .sending, attempts: 1, attemptsMax: 1, dueAt: now,
            leaseEndsAt: now.adding(milliseconds: Limits.webhookLeaseMilliseconds), createdAt: now)
        try insert([delivery])
        return ClaimedDelivery(
            delivery: delivery, endpoint: endpoint, secrets: try signingSecrets(of: endpoint.id), body: message.body,
            startedAt: now)
    }

    /// Writes what came of attempts: the deliveries, the log, and how their endpoints stand.
    func record(_ outcomes: [DeliveryOutcome], jitter: [Int64], ids: any IDSource) throws -> [WebhookDelivery] {
        let changing = outcomes.filter { outcome in
            outcome.claimed.delivery.trigger != .test
                && outcome.claimed.endpoint.health.changes(with: outcome.exchange.failure, at: now)
        }
        var endpoints: [WebhookEndpointID: WebhookEndpoint] = [:]
        for id in Set(changing.map(\.claimed.endpoint.id)).sorted() { endpoints[id] = try lockWebhookEndpoint(id) }
        let steps = try zip(outcomes, jitter).map { outcome, permille in
            let before = outcome.claimed.delivery
            var after = before
            try after.end(
                outcome.exchange.failure, profile: outcome.claimed.endpoint.settings.profile, permille: permille,
                retryAfterSeconds: outcome.exchange.retryAfterSeconds, at: now)
            return (before: before, after: after)
        }
        let won = try swap(steps)
        let winners = zip(outcomes, won).filter(\.1).map(\.0)
        try insert(winners.map(\.attempt))
        for outcome in winners where outcome.claimed.delivery.trigger != .test {
            guard var endpoint = endpoints[outcome.claimed.endpoint.id] else { continue }
            try note(outcome, of: &endpoint, ids: ids)
            endpoints[endpoint.id] = endpoint
        }
        try endRests(of: Set(outcomes.map(\.claimed.endpoint.id)))
        // Lost, the lease runs out and the attempt counts as lost. What the feed has told is never taken back.
        if endpoints.values.allSatisfy({ $0.health.state != .disabled }) { try forgoDurability() }
        return zip(steps, won).map { $1 ? $0.after : $0.before }
    }

    /// Notes an outcome in a locked endpoint.
    private func note(_ outcome: DeliveryOutcome, of endpoint: inout WebhookEndpoint, ids: any IDSource) throws {
        let isProbe = outcome.claimed.delivery.trigger == .probe
        let consequence: EndpointHealth.Consequence =
            switch outcome.exchange.failure {
            case nil: endpoint.health.succeeded(at: now)
            case .workerLost: .none  // it says nothing of the receiver
            case let failure?: endpoint.health.failed(failure, isProbe: isProbe, at: now)
            }
        try save(healthOf: endpoint)
        switch consequence {
        case .none, .hold: break  // what is due moves when its time comes
        case .release: try startMoving(endpoint.id)
        case .disable:
            try startMoving(endpoint.id)
            try announceDisabled(endpoint, ids: ids)
        }
    }

    /// Tells the owner that an endpoint is sent nothing any more: the feed and the other endpoints.
    func announceDisabled(_ endpoint: WebhookEndpoint, ids: any IDSource) throws(DatabaseError) {
        let data = [
            "webhook_endpoint_id": endpoint.id.rawValue, "url": endpoint.settings.url,
            "reason": endpoint.health.disableReason?.rawValue ?? "",
            "failed_attempts": String(endpoint.health.failedAttempts),
        ]
        try append(
            [Event(.webhookEndpointDisabled, data: data)], to: endpoint.organization, ids: ids)
    }

    /// Counts attempts as lost: nobody knows whether the receiver got them.
    func record(lost deliveries: [WebhookDelivery], jitter: [Int64]) throws -> Int {
        var endpoints: [WebhookEndpointID: WebhookEndpoint] = [:]
        for id in Set(deliveries.map(\.endpoint)).sorted() { endpoints[id] = try lockWebhookEndpoint(id) }
        let steps = try zip(deliveries, jitter).compactMap { before, permille in
            guard let endpoint = endpoints[before.endpoint], let lease = before.leaseEndsAt, lease < now else {
                return nil as (before: WebhookDelivery, after: WebhookDelivery)?
            }
            var after = before
            try after.end(
                .workerLost, profile: endpoint.settings.profile, permille: permille, retryAfterSeconds: nil, at: now)
            return (before: before, after: after)
        }
        let won = try swap(steps)
        let attempts = zip(steps, won).filter(\.1).map { step, _ in
            WebhookAttempt(
                delivery: step.before.id, number: step.before.attempts, startedAt: step.before.dueAt, url: "",
                failure: .workerLost, status: nil, totalMilliseconds: 0, detail: WebhookAttemptDetail())
        }
        try insert(attempts)
        try endRests(of: Set(endpoints.keys))
        return attempts.count
    }
}

extension DeliveryOutcome {
    /// The line of the log.
    fileprivate var attempt: WebhookAttempt {
        var detail = WebhookAttemptDetail()
        detail.dnsMilliseconds = exchange.timings.dnsMilliseconds
        detail.connectMilliseconds = exchange.timings.connectMilliseconds
        detail.tlsMilliseconds = exchange.timings.tlsMilliseconds
        detail.firstByteMilliseconds = exchange.timings.firstByteMilliseconds
        detail.remoteAddress = exchange.remoteAddress
        detail.tlsVersion = exchange.tlsVersion
        detail.requestHeaders = requestHeaders
        detail.responseHeaders = Dictionary(exchange.responseHeaders.map { ($0.name, $0.value) }) { $0 + ", " + $1 }
        // A NUL is not text to PostgreSQL.
        detail.responseBody = exchange.responseBody.replacing("\0", with: "\u{FFFD}")
        detail.isTruncated = exchange.isTruncated
        detail.retryAfterSeconds = exchange.retryAfterSeconds
        detail.secrets = claimed.secrets.map(\.id.rawValue)
        return WebhookAttempt(
            delivery: claimed.delivery.id, number: claimed.delivery.attempts, startedAt: claimed.startedAt, url: url,
            failure: exchange.failure, status: exchange.status, totalMilliseconds: exchange.timings.totalMilliseconds,
            detail: detail)
    }
}
