import RushesCore
import RushesEngine
import RushesStore
import RushesWire

extension WebhookEndpointBody {
    init(_ endpoint: WebhookEndpoint, secret: WebhookSecretBody? = nil) {
        let (settings, health) = (endpoint.settings, endpoint.health)
        self.init(
            id: endpoint.id.rawValue, url: settings.url, description: settings.description,
            eventTypes: settings.filter.patterns, retryProfile: settings.profile.rawValue,
            maxPerSecond: settings.maxPerSecond, maxInFlight: settings.maxInFlight, state: health.state.rawValue,
            disableReason: health.disableReason?.rawValue, failedAttempts: health.failedAttempts,
            firstFailureAt: health.firstFailureAt?.rfc3339, lastSuccessAt: health.lastSuccessAt?.rfc3339,
            nextPingAt: health.probeAt?.rfc3339, disablesAt: health.disablesAt?.rfc3339,
            disabledAt: health.disabledAt?.rfc3339, revision: endpoint.revision,
            createdAt: endpoint.createdAt.rfc3339, changedAt: endpoint.changedAt.rfc3339, secret: secret)
    }
}

extension WebhookSecretBody {
    init(_ secret: SealedWebhookSecret) {
        self.init(
            id: secret.id.rawValue, hint: secret.hint, createdAt: secret.createdAt.rfc3339,
            endsAt: secret.endsAt?.rfc3339)
    }

    init(_ shown: ShownWebhookSecret) {
        self.init(shown.secret)
        secret = shown.text
    }
}

extension WebhookDeliveryBody {
    init(_ delivery: WebhookDelivery) {
        self.init(
            id: delivery.id.rawValue, endpointID: delivery.endpoint.rawValue, eventID: delivery.event.rawValue,
            sequence: delivery.eventSequence.map(Int64.init), type: delivery.type, replay: delivery.replay,
            cause: delivery.trigger.rawValue, state: delivery.state.rawValue, attempts: delivery.attempts,
            attemptsMax: delivery.attemptsMax,
            nextAttemptAt: delivery.state == .pending ? delivery.dueAt.rfc3339 : nil,
            failure: delivery.failure?.rawValue, createdAt: delivery.createdAt.rfc3339,
            endedAt: delivery.endedAt?.rfc3339, expungedAt: delivery.expungedAt?.rfc3339)
    }

    init(_ record: DeliveryRecord) {
        self.init(record.delivery)
        attemptLog = record.attempts.map { WebhookAttemptBody($0) }
        body = record.body
    }
}

extension WebhookAttemptBody {
    fileprivate init(_ attempt: WebhookAttempt) {
        let detail = attempt.detail
        self.init(
            number: attempt.number, startedAt: attempt.startedAt.rfc3339, url: attempt.url,
            failure: attempt.failure?.rawValue, status: attempt.status, totalMilliseconds: attempt.totalMilliseconds,
            dnsMilliseconds: detail.dnsMilliseconds, connectMilliseconds: detail.connectMilliseconds,
            tlsMilliseconds: detail.tlsMilliseconds, firstByteMilliseconds: detail.firstByteMilliseconds,
            remoteAddress: detail.remoteAddress, tlsVersion: detail.tlsVersion, requestHeaders: detail.requestHeaders,
            responseHeaders: detail.responseHeaders, responseBody: detail.responseBody,
            responseTruncated: detail.isTruncated, retryAfterSeconds: detail.retryAfterSeconds,
            secretIDs: detail.secrets)
    }
}

extension WebhookRecoveryBody {
    init(_ recovery: WebhookRecovery) {
        self.init(
            id: recovery.id.rawValue, endpointID: recovery.endpoint.rawValue,
            status: recovery.endedAt == nil ? "running" : "done", total: recovery.total, enqueued: recovery.enqueued,
            since: recovery.since.rfc3339, until: recovery.until.rfc3339, endedAt: recovery.endedAt?.rfc3339)
    }
}
