/// One event on its way to one endpoint.
package struct WebhookDelivery: Sendable, Equatable {
    /// How far it is.
    package enum State: String, Sendable, CaseIterable {
        /// An attempt is due at a time.
        case pending
        /// An attempt is under way.
        case sending
        /// Its endpoint is known to be down.
        case held
        /// It was taken.
        case succeeded
        /// Every attempt has failed.
        case exhausted
        /// Its endpoint was disabled.
        case skipped
        /// Its endpoint was deleted.
        case cancelled

        /// True when nothing more is tried.
        package var isEnded: Bool {
            switch self {
            case .pending, .sending, .held: false
            case .succeeded, .exhausted, .skipped, .cancelled: true
            }
        }
    }

    /// Who asked for it.
    package enum Trigger: String, Sendable, CaseIterable {
        /// The event.
        case auto
        /// The customer, for this one.
        case manual
        /// The customer, for all since a time.
        case recover
        /// A customer's test; counts for nothing.
        case test
        /// A ping that asks whether a held endpoint is up.
        case probe
    }

    /// Identifier, `dlv_...`.
    package let id: WebhookDeliveryID
    /// Whose.
    package let organization: OrganizationID
    /// Where it goes.
    package let endpoint: WebhookEndpointID
    /// The event; `webhook-id` on the wire, the same for every attempt and every replay.
    package let event: EventID
    /// The event's place in the feed; nil for pings and tests, which are in no feed.
    package let eventSequence: Int?
    /// The event's type.
    package let type: String
    /// Which time the event is sent to this endpoint on somebody's demand: 0 for the first.
    package let replay: Int
    /// Who asked.
    package let trigger: Trigger
    /// How far it is.
    package var state: State
    /// Attempts begun.
    package var attempts: Int
    /// Attempts at most.
    package let attemptsMax: Int
    /// When the next attempt is due, or the last one was.
    package var dueAt: Timestamp
    /// Until when the worker that sends it may do so; nil unless it is being sent.
    package var leaseEndsAt: Timestamp?
    /// Why the last attempt failed.
    package var failure: DeliveryFailure?
    /// When it was made.
    package let createdAt: Timestamp
    /// When it ended.
    package var endedAt: Timestamp?
    /// True when a newer delivery has taken its place.
    package var isReplayed: Bool
    /// When its attempts were removed, and its body unless another delivery needs it; nil while they are kept.
    package let expungedAt: Timestamp?

    /// A delivery from its parts; without those that say how far it is, a new one.
    package init(
        id: WebhookDeliveryID, organization: OrganizationID, endpoint: WebhookEndpointID, event: EventID,
        eventSequence: Int?, type: String, replay: Int = 0, trigger: Trigger, state: State = .pending,
        attempts: Int = 0, attemptsMax: Int, dueAt: Timestamp, leaseEndsAt: Timestamp? = nil,
        failure: DeliveryFailure? = nil, createdAt: Timestamp, endedAt: Timestamp? = nil, isReplayed: Bool = false,
        expungedAt: Timestamp? = nil
    ) {
        self.id = id
        self.organization = organization
        self.endpoint = endpoint
        self.event = event
        self.eventSequence = eventSequence
        self.type = type
        self.replay = replay
        self.trigger = trigger
        self.state = state
        self.attempts = attempts
        self.attemptsMax = attemptsMax
        self.dueAt = dueAt
        self.leaseEndsAt = leaseEndsAt
        self.failure = failure
        self.createdAt = createdAt
        self.endedAt = endedAt
        self.isReplayed = isReplayed
        self.expungedAt = expungedAt
    }
}

extension WebhookDelivery {
    /// A delivery was asked to do what its state does not allow: a defect of the program.
    package struct IllegalTransition: Error, Sendable, Equatable {
        /// Its state.
        package let state: State
        /// What was asked.
        package let event: String

        /// A transition that was refused.
        package init(state: State, event: String) {
            self.state = state
            self.event = event
        }
    }

    /// Begins an attempt under a lease.
    ///
    /// - Throws: `IllegalTransition` unless it is due and an attempt is left.
    package mutating func begin(at now: Timestamp) throws(IllegalTransition) {
        guard state == .pending, dueAt <= now, attempts < attemptsMax else {
            throw IllegalTransition(state: state, event: "begin")
        }
        state = .sending
        attempts += 1
        dueAt = now
        leaseEndsAt = now.adding(milliseconds: Limits.webhookLeaseMilliseconds)
    }

    /// Ends the attempt: taken, tried again later, or given up.
    ///
    /// - Parameters:
    ///   - permille: `0 ..< 1000`, for jitter.
    ///   - retryAfterSeconds: what the receiver asked for.
    /// - Throws: `IllegalTransition` unless an attempt is under way.
    package mutating func end(
        _ failure: DeliveryFailure?, profile: RetryProfile, permille: Int64, retryAfterSeconds: Int64?,
        at now: Timestamp
    ) throws(IllegalTransition) {
        guard state == .sending else { throw IllegalTransition(state: state, event: "end") }
        leaseEndsAt = nil
        self.failure = failure
        guard failure != nil else {
            state = .succeeded
            endedAt = now
            return
        }
        let pause = profile.pauseMilliseconds(
            afterAttempts: attempts, permille: permille, retryAfterSeconds: retryAfterSeconds)
        if let pause, attempts < attemptsMax {
            state = .pending
            dueAt = now.adding(milliseconds: pause)
        } else {
            state = .exhausted
            endedAt = now
        }
    }
}

/// One attempt of a delivery, for the log.
package struct WebhookAttempt: Sendable, Equatable {
    /// The delivery.
    package let delivery: WebhookDeliveryID
    /// Its number, from 1.
    package let number: Int
    /// When it began.
    package let startedAt: Timestamp
    /// The address as it was, without the values of its query.
    package let url: String
    /// Why it failed; nil when it was taken.
    package let failure: DeliveryFailure?
    /// The status, when one came.
    package let status: Int?
    /// Milliseconds in all.
    package let totalMilliseconds: Int64
    /// Everything else of the log.
    package let detail: WebhookAttemptDetail

    /// An attempt from its parts.
    package init(
        delivery: WebhookDeliveryID, number: Int, startedAt: Timestamp, url: String, failure: DeliveryFailure?,
        status: Int?, totalMilliseconds: Int64, detail: WebhookAttemptDetail
    ) {
        self.delivery = delivery
        self.number = number
        self.startedAt = startedAt
        self.url = url
        self.failure = failure
        self.status = status
        self.totalMilliseconds = totalMilliseconds
        self.detail = detail
    }
}

/// How an attempt went, for who looks for the reason.
package struct WebhookAttemptDetail: Codable, Sendable, Equatable {
    /// Milliseconds for the name.
    package var dnsMilliseconds: Int64?
    /// Milliseconds for the connection.
    package var connectMilliseconds: Int64?
    /// Milliseconds for TLS.
    package var tlsMilliseconds: Int64?
    /// Milliseconds from the request to the head of the answer.
    package var firstByteMilliseconds: Int64?
    /// The address that was dialled.
    package var remoteAddress: String?
    /// The version of TLS.
    package var tlsVersion: String?
    /// Fields of the request, without signatures.
    package var requestHeaders: [String: String] = [:]
    /// Fields of the answer that are kept.
    package var responseHeaders: [String: String] = [:]
    /// The beginning of the answer.
    package var responseBody = ""
    /// True when there was more of it.
    package var isTruncated = false
    /// Seconds that the receiver asked to be left alone.
    package var retryAfterSeconds: Int64?
    /// The secrets that signed.
    package var secrets: [String] = []

    /// Nothing known.
    package init() {}
}
