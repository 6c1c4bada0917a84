/// A lane, as operators see it: one model at one provider account.
public struct LaneBody: Codable, Sendable, Equatable {
    /// Always `lane`.
    public var object: String
    /// The name, `provider:model`.
    public var id: String
    /// `open`, or `retired` when the provider no longer offers the model.
    public var state: String
    /// What operators have decided: `running`, `paused` or `killed`.
    public var control: String
    /// Why they did.
    @Nullable public var reason: String?
    /// When they did; RFC 3339 with milliseconds.
    @Nullable public var controlledAt: String?
    /// Jobs at the provider.
    public var inFlight: Int
    /// Tasks that wait.
    public var waiting: Int
    /// The limits that count.
    public var limits: LaneLimitsBody
    /// What is left of them now, after the provider's 429s and after an outage.
    public var limitsNow: LaneLimitsBody
    /// The operator's own limits, which go before the catalogue's; null where the catalogue's count.
    public var ownLimits: LaneLimitsBody
    /// Nothing is sent before this moment; null when it is past.
    @Nullable public var pausedUntil: String?
    /// The provider account.
    public var account: ProviderAccountBody

    /// The body from its members, in the order of the fields.
    public init(
        id: String, state: String, control: String, reason: String?, controlledAt: String?, inFlight: Int, waiting: Int,
        limits: LaneLimitsBody, limitsNow: LaneLimitsBody, ownLimits: LaneLimitsBody, pausedUntil: String?,
        account: ProviderAccountBody
    ) {
        object = "lane"
        self.id = id
        self.state = state
        self.control = control
        self.reason = reason
        self.controlledAt = controlledAt
        self.inFlight = inFlight
        self.waiting = waiting
        self.limits = limits
        self.limitsNow = limitsNow
        self.ownLimits = ownLimits
        self.pausedUntil = pausedUntil
        self.account = account
    }

    private enum CodingKeys: String, CodingKey {
        case object, id, state, control, reason, waiting, limits, account
        case controlledAt = "controlled_at"
        case inFlight = "in_flight"
        case limitsNow = "limits_now"
        case ownLimits = "own_limits"
        case pausedUntil = "paused_until"
    }
}

/// Limits of a lane.
public struct LaneLimitsBody: Codable, Sendable, Equatable {
    /// Jobs at the same time, at most.
    @Nullable public var maxInFlight: Int?
    /// Creates per minute, at most.
    @Nullable public var createsPerMinute: Int?

    /// The body from its members, in the order of the fields.
    public init(maxInFlight: Int?, createsPerMinute: Int?) {
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
    }

    private enum CodingKeys: String, CodingKey {
        case maxInFlight = "max_in_flight"
        case createsPerMinute = "creates_per_minute"
    }
}

/// A provider account with its breaker, which keeps tasks away while the account does not work.
public struct ProviderAccountBody: Codable, Sendable, Equatable {
    /// Its name in the configuration, such as `openai`.
    public var name: String
    /// `closed` when it works, `open` when nothing is sent, `half_open` when one task tries.
    public var breaker: String
    /// The class of the fault that opened it last, such as `transient`, `auth` or `quota_exhausted`.
    @Nullable public var cause: String?
    /// When it last opened, or closed again.
    @Nullable public var changedAt: String?
    /// When the next task tries; null when it is closed.
    @Nullable public var probeAt: String?
    /// How often it has opened.
    public var openings: Int
    /// Polls per minute over all its lanes, at most.
    public var pollsPerMinute: Int

    /// The body from its members, in the order of the fields.
    public init(
        name: String, breaker: String, cause: String?, changedAt: String?, probeAt: String?, openings: Int,
        pollsPerMinute: Int
    ) {
        self.name = name
        self.breaker = breaker
        self.cause = cause
        self.changedAt = changedAt
        self.probeAt = probeAt
        self.openings = openings
        self.pollsPerMinute = pollsPerMinute
    }

    private enum CodingKeys: String, CodingKey {
        case name, breaker, cause, openings
        case changedAt = "changed_at"
        case probeAt = "probe_at"
        case pollsPerMinute = "polls_per_minute"
    }
}

/// Stops dispatch on a lane, or lets it go on.
public struct LaneControlRequest: Codable, Sendable, Equatable {
    /// The lane, `provider:model`.
    public var lane: String
    /// `running`, `paused` or `killed`.
    public var control: String
    /// Why, for those who look at it later.
    @Nullable public var reason: String?
    /// Which operator.
    @Nullable public var by: String?

    /// The body from its members, in the order of the fields.
    public init(lane: String, control: String, reason: String?, by: String? = nil) {
        self.lane = lane
        self.control = control
        self.reason = reason
        self.by = by
    }
}

/// Sets an operator's own limits of a lane.
public struct LaneLimitsRequest: Codable, Sendable, Equatable {
    /// The lane, `provider:model`.
    public var lane: String
    /// Jobs at the same time, at most; null for the catalogue's limit.
    @Nullable public var maxInFlight: Int?
    /// Creates per minute, at most; null for the catalogue's limit.
    @Nullable public var createsPerMinute: Int?
    /// Polls per minute of the lane's account over all its lanes; null leaves it.
    @Nullable public var pollsPerMinute: Int?
    /// Why, for those who look at it later.
    @Nullable public var reason: String?
    /// Which operator.
    @Nullable public var by: String?

    /// The body from its members, in the order of the fields.
    public init(
        lane: String, maxInFlight: Int?, createsPerMinute: Int?, pollsPerMinute: Int?, reason: String? = nil,
        by: String? = nil
    ) {
        self.lane = lane
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
        self.pollsPerMinute = pollsPerMinute
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case lane, reason, by
        case maxInFlight = "max_in_flight"
        case createsPerMinute = "creates_per_minute"
        case pollsPerMinute = "polls_per_minute"
    }
}

/// What an operator did to a lane: one thing that was changed.
public struct LaneActBody: Codable, Sendable, Equatable {
    /// Always `lane_act`.
    public var object: String
    /// The lane, `provider:model`.
    public var lane: String
    /// The number of the act at its lane, from 1.
    public var number: Int
    /// What was changed: `control`, `max_in_flight`, `creates_per_minute` or `polls_per_minute`.
    public var subject: String
    /// What it was; null for the catalogue's limit.
    @Nullable public var before: String?
    /// What it is from then on; null for the catalogue's limit.
    @Nullable public var after: String?
    /// Why.
    @Nullable public var reason: String?
    /// Which operator; null when that is not known.
    @Nullable public var by: String?
    /// When; RFC 3339 with milliseconds.
    public var actedAt: String

    /// The body from its members, in the order of the fields.
    public init(
        lane: String, number: Int, subject: String, before: String?, after: String?, reason: String?, by: String?,
        actedAt: String
    ) {
        object = "lane_act"
        self.lane = lane
        self.number = number
        self.subject = subject
        self.before = before
        self.after = after
        self.reason = reason
        self.by = by
        self.actedAt = actedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object, lane, number, subject, before, after, reason, by
        case actedAt = "acted_at"
    }
}
