/// A customer's address for events.
public struct WebhookEndpointBody: Codable, Sendable, Equatable {
    /// Always `webhook_endpoint`.
    public var object: String
    /// Identifier, `wep_...`.
    public var id: String
    /// Where messages go.
    public var url: String
    /// What it is for.
    public var description: String
    /// What it takes: names, families as `batch.*`, or `*`.
    public var eventTypes: [String]
    /// `contract`: three attempts within about 70 seconds; `extended`: ten over three days.
    public var retryProfile: String
    /// Messages per second, at most.
    public var maxPerSecond: Int
    /// Messages at the same time, at most.
    public var maxInFlight: Int
    /// `active`, `held` while it is known to be down, or `disabled`.
    public var state: String
    /// `manual`, `gone` or `failing`; null unless it is disabled.
    @Nullable public var disableReason: String?
    /// Failed attempts since the last success.
    public var failedAttempts: Int
    /// When the first of them was; null when nothing fails.
    @Nullable public var firstFailureAt: String?
    /// When it last took something; null when never.
    @Nullable public var lastSuccessAt: String?
    /// When the next ping asks whether it is up; null unless it is held.
    @Nullable public var nextPingAt: String?
    /// When it will be disabled if it goes on failing; null when nothing fails.
    @Nullable public var disablesAt: String?
    /// When it was disabled; null unless it is.
    @Nullable public var disabledAt: String?
    /// Counts the changes; also the `ETag`.
    public var revision: Int
    /// When it was made; RFC 3339 with milliseconds.
    public var createdAt: String
    /// When it was last changed; RFC 3339 with milliseconds.
    public var changedAt: String
    /// The first secret with its text; only in the answer that makes the endpoint.
    public var secret: WebhookSecretBody?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, url: String, description: String, eventTypes: [String], retryProfile: String, maxPerSecond: Int,
        maxInFlight: Int, state: String, disableReason: String?, failedAttempts: Int, firstFailureAt: String?,
        lastSuccessAt: String?, nextPingAt: String?, disablesAt: String?, disabledAt: String?, revision: Int,
        createdAt: String, changedAt: String, secret: WebhookSecretBody? = nil
    ) {
        object = "webhook_endpoint"
        self.id = id
        self.url = url
        self.description = description
        self.eventTypes = eventTypes
        self.retryProfile = retryProfile
        self.maxPerSecond = maxPerSecond
        self.maxInFlight = maxInFlight
        self.state = state
        self.disableReason = disableReason
        self.failedAttempts = failedAttempts
        self.firstFailureAt = firstFailureAt
        self.lastSuccessAt = lastSuccessAt
        self.nextPingAt = nextPingAt
        self.disablesAt = disablesAt
        self.disabledAt = disabledAt
        self.revision = revision
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.secret = secret
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case url
        case description
        case eventTypes = "event_types"
        case retryProfile = "retry_profile"
        case maxPerSecond = "max_per_second"
        case maxInFlight = "max_in_flight"
        case state
        case disableReason = "disable_reason"
        case failedAttempts = "failed_attempts"
        case firstFailureAt = "first_failure_at"
        case lastSuccessAt = "last_success_at"
        case nextPingAt = "next_ping_at"
        case disablesAt = "disables_at"
        case disabledAt = "disabled_at"
        case revision
        case createdAt = "created_at"
        case changedAt = "changed_at"
        case secret
    }
}

/// A secret that messages to an endpoint are signed with.
public struct WebhookSecretBody: Codable, Sendable, Equatable {
    /// Always `webhook_secret`.
    public var object: String
    /// Identifier, `whs_...`.
    public var id: String
    /// Its last four characters.
    public var hint: String
    /// When it was made; RFC 3339 with milliseconds.
    public var createdAt: String
    /// From when on it signs no more; null for the newest one.
    @Nullable public var endsAt: String?
    /// The secret, `whsec_...`; only in the answer that makes it.
    public var secret: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, hint: String, createdAt: String, endsAt: String?, secret: String? = nil
    ) {
        object = "webhook_secret"
        self.id = id
        self.hint = hint
        self.createdAt = createdAt
        self.endsAt = endsAt
        self.secret = secret
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case hint
        case createdAt = "created_at"
        case endsAt = "ends_at"
        case secret
    }
}

/// An event on its way to an endpoint.
public struct WebhookDeliveryBody: Codable, Sendable, Equatable {
    /// Always `webhook_delivery`.
    public var object: String
    /// Identifier, `dlv_...`.
    public var id: String
    /// The endpoint.
    public var endpointID: String
    /// The event; `webhook-id` of every attempt and replay.
    public var eventID: String
    /// The event's place in the feed; null for pings and tests.
    @Nullable public var sequence: Int64?
    /// What happened.
    public var type: String
    /// Which time it is sent on somebody's demand; 0 for the first.
    public var replay: Int
    /// `auto`, `manual`, `recover`, `test` or `probe`.
    public var cause: String
    /// `pending`, `sending`, `held`, `succeeded`, `exhausted`, `skipped` or `cancelled`.
    public var state: String
    /// Attempts begun.
    public var attempts: Int
    /// Attempts at most.
    public var attemptsMax: Int
    /// When the next attempt is due; null when none is.
    @Nullable public var nextAttemptAt: String?
    /// Why the last attempt failed; null when none did.
    @Nullable public var failure: String?
    /// When it was made; RFC 3339 with milliseconds.
    public var createdAt: String
    /// When it ended; null while it is tried.
    @Nullable public var endedAt: String?
    /// When its attempts were removed, 30 days after its end; null while they are kept.
    @Nullable public var expungedAt: String?
    /// The attempts, in order; only where one delivery is asked for.
    public var attemptLog: [WebhookAttemptBody]?
    /// The body as it is sent; only where one delivery is asked for, and while it is kept.
    public var body: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, endpointID: String, eventID: String, sequence: Int64?, type: String, replay: Int, cause: String,
        state: String, attempts: Int, attemptsMax: Int, nextAttemptAt: String?, failure: String?, createdAt: String,
        endedAt: String?, expungedAt: String?, attemptLog: [WebhookAttemptBody]? = nil, body: String? = nil
    ) {
        object = "webhook_delivery"
        self.id = id
        self.endpointID = endpointID
        self.eventID = eventID
        self.sequence = sequence
        self.type = type
        self.replay = replay
        self.cause = cause
        self.state = state
        self.attempts = attempts
        self.attemptsMax = attemptsMax
        self.nextAttemptAt = nextAttemptAt
        self.failure = failure
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.expungedAt = expungedAt
        self.attemptLog = attemptLog
        self.body = body
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case endpointID = "webhook_endpoint_id"
        case eventID = "event_id"
        case sequence
        case type
        case replay
        case cause
        case state
        case attempts
        case attemptsMax = "attempts_max"
        case nextAttemptAt = "next_attempt_at"
        case failure
        case createdAt = "created_at"
        case endedAt = "ended_at"
        case expungedAt = "expunged_at"
        case attemptLog = "attempt_log"
        case body
    }
}

/// One attempt of a delivery.
public struct WebhookAttemptBody: Codable, Sendable, Equatable {
    /// Its number, from 1.
    public var number: Int
    /// When it began; RFC 3339 with milliseconds.
    public var startedAt: String
    /// Where it went, the values of the query hidden.
    public var url: String
    /// Why it failed; null when it was taken.
    @Nullable public var failure: String?
    /// The status; null when none came.
    @Nullable public var status: Int?
    /// Milliseconds in all.
    public var totalMilliseconds: Int64
    /// Milliseconds for the name.
    @Nullable public var dnsMilliseconds: Int64?
    /// Milliseconds for the connection.
    @Nullable public var connectMilliseconds: Int64?
    /// Milliseconds for TLS.
    @Nullable public var tlsMilliseconds: Int64?
    /// Milliseconds from the request to the head of the answer.
    @Nullable public var firstByteMilliseconds: Int64?
    /// The address that was dialled.
    @Nullable public var remoteAddress: String?
    /// The version of TLS.
    @Nullable public var tlsVersion: String?
    /// Fields of the request, without the signature.
    public var requestHeaders: [String: String]
    /// Fields of the answer that are kept.
    public var responseHeaders: [String: String]
    /// The first 4 KiB of the answer.
    public var responseBody: String
    /// True when there was more of it.
    public var responseTruncated: Bool
    /// Seconds that the receiver asked to be left alone.
    @Nullable public var retryAfterSeconds: Int64?
    /// The secrets that signed.
    public var secretIDs: [String]

    /// The body from its members, in the order of the fields.
    public init(
        number: Int, startedAt: String, url: String, failure: String?, status: Int?, totalMilliseconds: Int64,
        dnsMilliseconds: Int64?, connectMilliseconds: Int64?, tlsMilliseconds: Int64?, firstByteMilliseconds: Int64?,
        remoteAddress: String?, tlsVersion: String?, requestHeaders: [String: String],
        responseHeaders: [String: String], responseBody: String, responseTruncated: Bool, retryAfterSeconds: Int64?,
        secretIDs: [String]
    ) {
        self.number = number
        self.startedAt = startedAt
        self.url = url
        self.failure = failure
        self.status = status
        self.totalMilliseconds = totalMilliseconds
        self.dnsMilliseconds = dnsMilliseconds
        self.connectMilliseconds = connectMilliseconds
        self.tlsMilliseconds = tlsMilliseconds
        self.firstByteMilliseconds = firstByteMilliseconds
        self.remoteAddress = remoteAddress
        self.tlsVersion = tlsVersion
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.responseBody = responseBody
        self.responseTruncated = responseTruncated
        self.retryAfterSeconds = retryAfterSeconds
        self.secretIDs = secretIDs
    }

    private enum CodingKeys: String, CodingKey {
        case number
        case startedAt = "started_at"
        case url
        case failure
        case status
        case totalMilliseconds = "total_ms"
        case dnsMilliseconds = "dns_ms"
        case connectMilliseconds = "connect_ms"
        case tlsMilliseconds = "tls_ms"
        case firstByteMilliseconds = "first_byte_ms"
        case remoteAddress = "remote_address"
        case tlsVersion = "tls_version"
        case requestHeaders = "request_headers"
        case responseHeaders = "response_headers"
        case responseBody = "response_body"
        case responseTruncated = "response_truncated"
        case retryAfterSeconds = "retry_after_seconds"
        case secretIDs = "secret_ids"
    }
}

/// Events that are sent once more.
public struct WebhookRecoveryBody: Codable, Sendable, Equatable {
    /// Always `webhook_recovery`.
    public var object: String
    /// Identifier, `rcv_...`; null for a dry run.
    @Nullable public var id: String?
    /// The endpoint.
    public var endpointID: String
    /// `dry_run`, `running` or `done`.
    public var status: String
    /// Deliveries that were found.
    public var total: Int
    /// Deliveries that were made so far.
    public var enqueued: Int
    /// From which time on; RFC 3339 with milliseconds.
    public var since: String
    /// To which time; null for now.
    @Nullable public var until: String?
    /// When the last one was made; null while it runs.
    @Nullable public var endedAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String?, endpointID: String, status: String, total: Int, enqueued: Int, since: String, until: String?,
        endedAt: String?
    ) {
        object = "webhook_recovery"
        self.id = id
        self.endpointID = endpointID
        self.status = status
        self.total = total
        self.enqueued = enqueued
        self.since = since
        self.until = until
        self.endedAt = endedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case endpointID = "webhook_endpoint_id"
        case status
        case total
        case enqueued
        case since
        case until
        case endedAt = "ended_at"
    }
}

/// Makes or changes an endpoint; what is left out stays as it is.
public struct WebhookEndpointRequest: Codable, Sendable, Equatable {
    /// Where messages go.
    public var url: String?
    /// What it is for.
    public var description: String?
    /// What it takes: names, families as `batch.*`, or `*`.
    public var eventTypes: [String]?
    /// `contract` or `extended`.
    public var retryProfile: String?
    /// Messages per second, at most.
    public var maxPerSecond: Int?
    /// Messages at the same time, at most.
    public var maxInFlight: Int?

    /// The body from its members, in the order of the fields.
    public init(
        url: String? = nil, description: String? = nil, eventTypes: [String]? = nil, retryProfile: String? = nil,
        maxPerSecond: Int? = nil, maxInFlight: Int? = nil
    ) {
        self.url = url
        self.description = description
        self.eventTypes = eventTypes
        self.retryProfile = retryProfile
        self.maxPerSecond = maxPerSecond
        self.maxInFlight = maxInFlight
    }

    private enum CodingKeys: String, CodingKey {
        case url
        case description
        case eventTypes = "event_types"
        case retryProfile = "retry_profile"
        case maxPerSecond = "max_per_second"
        case maxInFlight = "max_in_flight"
    }
}

/// Makes a new secret.
public struct WebhookRotationRequest: Codable, Sendable, Equatable {
    /// Seconds that the older ones sign on; a day when it is left out, 0 for not at all.
    public var expirePreviousIn: Int?

    /// The body from its members, in the order of the fields.
    public init(
        expirePreviousIn: Int? = nil
    ) {
        self.expirePreviousIn = expirePreviousIn
    }

    private enum CodingKeys: String, CodingKey {
        case expirePreviousIn = "expire_previous_in"
    }
}

/// Sends a sample.
public struct WebhookTestRequest: Codable, Sendable, Equatable {
    /// Of which event; a ping when it is left out.
    public var type: String?

    /// The body from its members, in the order of the fields.
    public init(
        type: String? = nil
    ) {
        self.type = type
    }

    private enum CodingKeys: String, CodingKey {
        case type
    }
}

/// Sends to a disabled endpoint again.
public struct WebhookEnableRequest: Codable, Sendable, Equatable {
    /// Also when it does not take a ping.
    public var force: Bool?

    /// The body from its members, in the order of the fields.
    public init(
        force: Bool? = nil
    ) {
        self.force = force
    }

    private enum CodingKeys: String, CodingKey {
        case force
    }
}

/// Sends once more what an endpoint did not get.
public struct WebhookRecoverRequest: Codable, Sendable, Equatable {
    /// From which time on; RFC 3339, at most 30 days ago.
    public var since: String
    /// To which time; now when it is left out.
    public var until: String?
    /// Only counts.
    public var dryRun: Bool?

    /// The body from its members, in the order of the fields.
    public init(
        since: String, until: String? = nil, dryRun: Bool? = nil
    ) {
        self.since = since
        self.until = until
        self.dryRun = dryRun
    }

    private enum CodingKeys: String, CodingKey {
        case since
        case until
        case dryRun = "dry_run"
    }
}

/// Sends one delivery once more.
public struct WebhookResendRequest: Codable, Sendable, Equatable {
    /// Also one that was taken.
    public var includeSucceeded: Bool?

    /// The body from its members, in the order of the fields.
    public init(
        includeSucceeded: Bool? = nil
    ) {
        self.includeSucceeded = includeSucceeded
    }

    private enum CodingKeys: String, CodingKey {
        case includeSucceeded = "include_succeeded"
    }
}
