/// Provider and model with their cap, rate and closing: one row that every node locks, so the limits are exact.
package struct Lane: Sendable, Equatable {
    /// The name.
    package let id: LaneID
    /// Jobs running at the same time, at most.
    package let maxInFlight: Int
    /// Creates per minute, at most.
    package let createsPerMinute: Int
    /// Whether it may be used at all.
    package private(set) var state: State
    /// Slots in use.
    package private(set) var inFlight: Int
    /// Thousandths of creates in the bucket.
    package private(set) var tokensMilli: Int64
    /// When the bucket was last filled.
    package private(set) var refilledAt: Timestamp
    /// Nothing is dispatched before this moment.
    package private(set) var closedUntil: Timestamp?
    /// Faults in a row that closed it.
    package private(set) var consecutiveFaults: Int
    /// The last organization that a claim looked at, when there were more than one claim looks at; nil when the next
    /// claim begins with the first.
    package var lookedUpTo: OrganizationID?

    /// Whether a lane may be used at all.
    package enum State: String, Sendable, CaseIterable {
        case open
        /// The provider no longer offers the model: waiting tasks fail at once.
        case retired
    }

    /// A lane as it stands in the database.
    package init(
        id: LaneID, maxInFlight: Int, createsPerMinute: Int, state: State, inFlight: Int, tokensMilli: Int64,
        refilledAt: Timestamp, closedUntil: Timestamp?, consecutiveFaults: Int, lookedUpTo: OrganizationID? = nil
    ) {
        self.id = id
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
        self.state = state
        self.inFlight = inFlight
        self.tokensMilli = tokensMilli
        self.refilledAt = refilledAt
        self.closedUntil = closedUntil
        self.consecutiveFaults = consecutiveFaults
        self.lookedUpTo = lookedUpTo
    }

    /// A new lane with a full bucket.
    package init(route: ProviderRoute, at now: Timestamp) {
        self.init(
            id: route.lane, maxInFlight: route.maxInFlight, createsPerMinute: route.createsPerMinute, state: .open,
            inFlight: 0, tokensMilli: 0, refilledAt: now, closedUntil: nil, consecutiveFaults: 0)
        tokensMilli = bucketMilli
    }

    /// The bucket holds ten seconds of the rate, and at least one create.
    private var bucketMilli: Int64 { max(1_000, Int64(createsPerMinute) * 1_000 / 6) }

    /// How many tasks may be dispatched now: the least of free slots, tokens and `limit`; none while closed.
    package mutating func allowance(at now: Timestamp, limit: Int) -> Int {
        refill(at: now)
        if state == .retired { return 0 }
        if let closedUntil, now < closedUntil { return 0 }
        return max(0, min(maxInFlight - inFlight, Int(tokensMilli / 1_000), limit))
    }

    /// Takes slots and tokens for dispatched tasks.
    package mutating func take(_ count: Int) {
        if count == 0 { return }
        precondition(count > 0 && inFlight + count <= maxInFlight, "a lane is never over its cap")
        inFlight += count
        tokensMilli -= Int64(count) * 1_000
        precondition(tokensMilli >= 0, "a bucket is never overdrawn")
    }

    /// Gives slots back.
    package mutating func release(_ count: Int) {
        precondition(count >= 0 && count <= inFlight, "a slot is given back once")
        inFlight -= count
    }

    /// A create went through: the next fault counts from one again.
    package mutating func succeeded() {
        consecutiveFaults = 0
    }

    /// A create was refused: closes the lane for as long as the fault's class asks.
    package mutating func refused(_ fault: ProviderFault, at now: Timestamp) {
        switch fault.class {
        case .rateLimited: close(for: fault.retryAfterMilliseconds ?? 5_000, at: now)
        case .quotaExhausted, .auth: close(for: 300_000, at: now)
        case .transient, .timeout, .unknown:
            consecutiveFaults = min(consecutiveFaults + 1, 6)
            close(for: fault.retryAfterMilliseconds ?? 1_000 << Int64(consecutiveFaults), at: now)
        case .retired: state = .retired
        case .moderated, .permanentRequest, .permanentGeneration, .lost: break
        }
    }

    private mutating func close(for milliseconds: Int64, at now: Timestamp) {
        let end = now.adding(milliseconds: min(max(milliseconds, 0), 300_000))
        closedUntil = max(closedUntil ?? end, end)
    }

    private mutating func refill(at now: Timestamp) {
        let elapsed = max(0, min(now.milliseconds(since: refilledAt), 600_000))
        let rate = Int64(createsPerMinute)
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
