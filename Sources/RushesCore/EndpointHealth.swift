/// Whether an endpoint is sent to: all of it, nothing but a ping now and then, or nothing.
///
/// Failures in a row hold an endpoint back, so that an outage does not use up the attempts of what waits; five days
/// without a success disable it. Everything is counted in the endpoint's row: a restart forgets nothing.
package struct EndpointHealth: Sendable, Equatable {
    /// How an endpoint stands.
    package enum State: String, Sendable, CaseIterable {
        /// Everything is sent.
        case active
        /// It is known to be down: nothing is sent but one ping at a time.
        case held
        /// Nothing is sent; events are noted as skipped.
        case disabled
    }

    /// Why an endpoint is disabled.
    package enum DisableReason: String, Sendable, CaseIterable {
        /// The customer did it.
        case manual
        /// It answered 410.
        case gone
        /// It has taken nothing for `Limits.endpointFailingMilliseconds`.
        case failing
    }

    /// How it stands.
    package private(set) var state: State
    /// Why it is disabled; nil unless it is.
    package private(set) var disableReason: DisableReason?
    /// Failures since the last success that say that it is down.
    package private(set) var failuresInRow: Int
    /// Failed attempts of any kind since the last success.
    package private(set) var failedAttempts: Int
    /// When the first of them was.
    package private(set) var firstFailureAt: Timestamp?
    /// When it last took something.
    package private(set) var lastSuccessAt: Timestamp?
    /// When the next ping is due; nil unless it is held.
    package private(set) var probeAt: Timestamp?
    /// Pings that have failed since it is held.
    package private(set) var probes: Int
    /// When it was disabled; nil unless it is.
    package private(set) var disabledAt: Timestamp?

    /// An endpoint that nothing was sent to.
    package init() {
        self.init(
            state: .active, disableReason: nil, failuresInRow: 0, failedAttempts: 0, firstFailureAt: nil,
            lastSuccessAt: nil, probeAt: nil, probes: 0, disabledAt: nil)
    }

    /// Health as it stands in the database.
    package init(
        state: State, disableReason: DisableReason?, failuresInRow: Int, failedAttempts: Int,
        firstFailureAt: Timestamp?, lastSuccessAt: Timestamp?, probeAt: Timestamp?, probes: Int, disabledAt: Timestamp?
    ) {
        self.state = state
        self.disableReason = disableReason
        self.failuresInRow = failuresInRow
        self.failedAttempts = failedAttempts
        self.firstFailureAt = firstFailureAt
        self.lastSuccessAt = lastSuccessAt
        self.probeAt = probeAt
        self.probes = probes
        self.disabledAt = disabledAt
    }

    /// What a change asks of the deliveries that wait.
    package enum Consequence: Sendable, Equatable {
        /// Nothing.
        case none
        /// They wait until it is up again.
        case hold
        /// They are sent, slowly at first.
        case release
        /// They are noted as skipped, and the owner is told.
        case disable
    }

    /// When it will be disabled if it goes on failing; nil when nothing fails or too little was tried.
    package var disablesAt: Timestamp? {
        guard state != .disabled, let firstFailureAt else { return nil }
        return firstFailureAt.adding(milliseconds: Limits.endpointFailingMilliseconds)
    }

    /// The receiver took a message.
    package mutating func succeeded(at now: Timestamp) -> Consequence {
        lastSuccessAt = now
        failuresInRow = 0
        failedAttempts = 0
        firstFailureAt = nil
        guard state == .held else { return .none }
        becomeActive()
        return .release
    }

    /// The receiver did not take a message.
    package mutating func failed(_ failure: DeliveryFailure, isProbe: Bool, at now: Timestamp) -> Consequence {
        guard state != .disabled else { return .none }
        failedAttempts += 1
        firstFailureAt = firstFailureAt ?? now
        if failure == .gone { return disable(.gone, at: now) }
        failuresInRow = failure.meansDown ? failuresInRow + 1 : 0
        let failing = now.milliseconds(since: firstFailureAt ?? now)
        if failing >= Limits.endpointFailingMilliseconds, failedAttempts >= Limits.endpointFailedAttemptsMin {
            return disable(.failing, at: now)
        }
        switch state {
        case .disabled: return .none
        case .held:
            guard failing < Limits.endpointHoldMilliseconds else {
                becomeActive()
                return .release
            }
            if isProbe {
                probes += 1
                probeAt = now.adding(milliseconds: Self.probePauseMilliseconds(after: probes))
            }
            return .none
        case .active:
            let isDown =
                failuresInRow >= Limits.endpointFailuresInRowMax && failing >= Limits.endpointDownMilliseconds
                && failing < Limits.endpointHoldMilliseconds
            guard isDown else { return .none }
            state = .held
            probes = 0
            probeAt = now.adding(milliseconds: Self.probePauseMilliseconds(after: 0))
            return .hold
        }
    }

    /// A ping is sent: the next one is not due before it is known what came of this one.
    package mutating func probing(at now: Timestamp) {
        guard state == .held else { return }
        probeAt = now.adding(milliseconds: 2 * Limits.webhookLeaseMilliseconds)
    }

    /// True when the outcome of an attempt changes something: a success does not while nothing is wrong, but for a look
    /// once a minute.
    package func changes(with failure: DeliveryFailure?, at now: Timestamp) -> Bool {
        if failure != nil || failedAttempts > 0 || state != .active { return true }
        return lastSuccessAt.map { now.milliseconds(since: $0) >= 60_000 } ?? true
    }

    /// Disables it; once more changes nothing.
    package mutating func disable(_ reason: DisableReason, at now: Timestamp) -> Consequence {
        guard state != .disabled else { return .none }
        state = .disabled
        disableReason = reason
        disabledAt = now
        probeAt = nil
        return .disable
    }

    /// Sends to it again, as to one that nothing was sent to.
    package mutating func enable() -> Consequence {
        guard state == .disabled else { return .none }
        self = EndpointHealth(
            state: .active, disableReason: nil, failuresInRow: 0, failedAttempts: 0, firstFailureAt: nil,
            lastSuccessAt: lastSuccessAt, probeAt: nil, probes: 0, disabledAt: nil)
        return .none
    }

    private mutating func becomeActive() {
        state = .active
        probeAt = nil
        probes = 0
    }

    /// Half a minute, then twice as long each time, up to five minutes.
    private static func probePauseMilliseconds(after probes: Int) -> Int64 {
        min(30_000 << Int64(min(probes, 4)), 300_000)
    }
}

/// How fast what has waited for an endpoint is sent once it is up: one a second, twice as fast every ten seconds.
package enum ReleaseRamp {
    /// Milliseconds from the release to the delivery with a place among those that waited, from 0.
    package static func delayMilliseconds(place: Int, maxPerSecond: Int) -> Int64 {
        var (place, rate, start) = (Int64(place), Int64(1), Int64(0))
        while rate < Int64(maxPerSecond) {
            if place < rate * 10 { return start + place * 1_000 / rate }
            place -= rate * 10
            start += 10_000
            rate *= 2
        }
        return start + place * 1_000 / Int64(max(maxPerSecond, 1))
    }
}
