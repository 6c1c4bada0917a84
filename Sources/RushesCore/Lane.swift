/// Provider and model with their cap, rate and closing: one row that every node locks, so the limits are exact.
package struct Lane: Sendable, Equatable {
    /// The name.
    package let id: LaneID
    /// Jobs running at the same time, at most.
    package let maxInFlight: Int
    /// Creates per minute, at most.
    package let createsPerMinute: Int
    /// Whether the provider still offers it.
    package private(set) var state: State
    /// What operators have decided.
    package let control: Control
    /// Slots in use.
    package private(set) var inFlight: Int
    /// Thousandths of creates in the bucket.
    package private(set) var tokensMilli: Int64
    /// When the bucket was last filled.
    package private(set) var refilledAt: Timestamp
    /// Nothing is dispatched before this moment.
    package private(set) var closedUntil: Timestamp?
    /// What is left of cap and rate after the provider's 429s.
    package private(set) var throttle: Throttle
    /// The last organization that a claim looked at, when there were more than one claim looks at; nil when the next
    /// claim begins with the first.
    package var lookedUpTo: OrganizationID?
    /// How long its jobs took lately, as `CompletionTimes` writes it; nil before the first one.
    package var completionTimes: String?
    /// What the provider asks for one generation; nil when the operator has not said.
    package let price: GenerationPrice?

    /// Whether the provider still offers the model.
    package enum State: String, Sendable, CaseIterable {
        case open
        /// The provider no longer offers the model: waiting tasks fail at once.
        case retired
    }

    /// What operators have decided about a lane.
    package enum Control: String, Sendable, CaseIterable {
        /// It runs as the provider allows.
        case running
        /// Nothing is dispatched; waiting tasks wait.
        case paused
        /// Nothing is dispatched; waiting tasks fail at once, and what runs is let finish.
        case killed
    }

    /// A lane as it stands in the database.
    package init(
        id: LaneID, maxInFlight: Int, createsPerMinute: Int, state: State, control: Control = .running, inFlight: Int,
        tokensMilli: Int64, refilledAt: Timestamp, closedUntil: Timestamp?, throttle: Throttle = Throttle(),
        lookedUpTo: OrganizationID? = nil, completionTimes: String? = nil, price: GenerationPrice? = nil
    ) {
        self.id = id
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
        self.state = state
        self.control = control
        self.inFlight = inFlight
        self.tokensMilli = tokensMilli
        self.refilledAt = refilledAt
        self.closedUntil = closedUntil
        self.throttle = throttle
        self.lookedUpTo = lookedUpTo
        self.completionTimes = completionTimes
        self.price = price
    }

    /// A new lane with a full bucket.
    package init(route: ProviderRoute, at now: Timestamp) {
        self.init(
            id: route.lane, maxInFlight: route.maxInFlight, createsPerMinute: route.createsPerMinute, state: .open,
            inFlight: 0, tokensMilli: 0, refilledAt: now, closedUntil: nil, price: route.price)
        tokensMilli = Self.bucketMilli(createsPerMinute)
    }

    /// How many tasks may be dispatched now: the least of free slots, tokens and `limit`; none while closed.
    ///
    /// `rampPermille` is what the account's breaker lets through after an outage, in thousandths of cap and rate.
    package mutating func allowance(at now: Timestamp, limit: Int, rampPermille: Int = 1_000) -> Int {
        let permille = min(throttle.permille(at: now), rampPermille)
        refill(at: now, perMinute: Self.part(permille, of: createsPerMinute))
        guard isOpen(at: now) else { return 0 }
        return max(0, min(Self.part(permille, of: maxInFlight) - inFlight, Int(tokensMilli / 1_000), limit))
    }

    /// Thousandths of cap and rate that are left after 429s and after an outage.
    package func allowedPermille(at now: Timestamp, _ breaker: Breaker) -> Int {
        min(throttle.permille(at: now), breaker.rampPermille(at: now))
    }

    /// True when neither the provider nor an operator has closed it.
    package func isOpen(at now: Timestamp) -> Bool {
        state == .open && control == .running && closedUntil.map { now >= $0 } ?? true
    }

    /// True when what waits in it has nothing to wait for.
    package var isGone: Bool { state == .retired || control == .killed }

    /// Takes slots and tokens for dispatched tasks.
    package mutating func take(_ count: Int) {
        if count == 0 { return }
        precondition(count > 0 && inFlight + count <= maxInFlight, "a lane is never over its cap")
        inFlight += count
        throttle.sends(count, window: throttleWindow)
        tokensMilli -= Int64(count) * 1_000
        precondition(tokensMilli >= 0, "a bucket is never overdrawn")
    }

    /// The creates of ten seconds, or as many as say something.
    private var throttleWindow: Int { max(Throttle.windowMin, createsPerMinute / 6) }

    /// Gives slots back.
    package mutating func release(_ count: Int) {
        precondition(count >= 0 && count <= inFlight, "a slot is given back once")
        inFlight -= count
    }

    /// A create was refused: closes the lane for as long as the fault's class asks.
    ///
    /// `faultsInRow` counts the passing faults of the account up to this one; the account's breaker takes over when
    /// they are too many, or when the fault concerns the account as a whole. `brokenSince` tells since when the account
    /// does not work; an address that has had nobody who takes creates for so long counts as one that was given up.
    package mutating func refused(
        _ fault: ProviderFault, faultsInRow: Int, brokenSince: Timestamp? = nil, at now: Timestamp
    ) {
        switch fault.class {
        case .noEndpoint where brokenSince.map { now.milliseconds(since: $0) >= Self.missingMilliseconds } ?? false:
            state = .retired
        case .rateLimited:
            let isFirst = closedUntil.map { now >= $0 } ?? true
            close(
                until: throttle.refused(
                    isFirst: isFirst, retryAfter: fault.retryAfterMilliseconds, window: throttleWindow, at: now))
        case .transient, .timeout, .noEndpoint, .unknown:
            let doublings = min(max(faultsInRow, 1), Breaker.faultsMax) - 1
            let pause = fault.retryAfterMilliseconds ?? Self.shortestPauseMilliseconds << Int64(doublings)
            close(until: now.adding(milliseconds: min(max(pause, 0), RetryAfter.millisecondsMax)))
        case .retired: state = .retired
        case .quotaExhausted, .auth, .moderated, .permanentRequest, .permanentGeneration, .lost: break
        }
    }

    private static let shortestPauseMilliseconds: Int64 = 500
    /// Longer than a provider's own mistake should last, and no longer than the slowest model's videos take.
    private static let missingMilliseconds: Int64 = 600_000

    /// Closes it, and lets it begin again with a single create: what it saved up meanwhile would be a herd.
    private mutating func close(until end: Timestamp) {
        if let closedUntil, closedUntil >= end { return }
        closedUntil = end
        tokensMilli = min(tokensMilli, 1_000)
        refilledAt = max(refilledAt, end)
    }
}

extension Lane {
    /// So many thousandths of a limit, at least one.
    package static func part(_ permille: Int, of limit: Int) -> Int { max(1, limit * permille / 1_000) }

    /// The bucket holds ten seconds of the rate, and at least one create.
    private static func bucketMilli(_ perMinute: Int) -> Int64 { max(1_000, Int64(perMinute) * 1_000 / 6) }

    private mutating func refill(at now: Timestamp, perMinute: Int) {
        let bucketMilli = Self.bucketMilli(perMinute)
        tokensMilli = min(tokensMilli, bucketMilli)
        let elapsed = max(0, min(now.milliseconds(since: refilledAt), 600_000))
        let rate = Int64(perMinute)
        let added = elapsed * rate / 60
        guard added > 0 else { return }
        if tokensMilli + added >= bucketMilli {
            tokensMilli = bucketMilli
            refilledAt = now
        } else {
            // Whole thousandths only: the time that made no whole one is kept for the next refill.
            tokensMilli += added
            refilledAt = refilledAt.adding(milliseconds: (added * 60 + rate - 1) / rate)
        }
    }
}
