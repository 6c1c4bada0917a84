/// Keeps tasks away from a provider account that does not work, and finds out with one real task when it does again.
///
/// A pure machine: it is stored in one row, which a node locks before it changes it.
package struct Breaker: Sendable, Equatable {
    /// Whether creates go through.
    package private(set) var state: State
    /// What opened it last; nil before the first time.
    package private(set) var cause: ProviderFault.Class?
    /// Creates in a row that failed in passing.
    package private(set) var faults: Int
    /// Polls in a row that failed in passing.
    package private(set) var pollFaults: Int
    /// When it last opened, or closed again, or when nobody took creates any more while it was open.
    package private(set) var changedAt: Timestamp?
    /// Open: when one task may try. Half-open: when the one that tries counts as lost.
    package private(set) var probeAt: Timestamp?
    /// How often it has opened.
    package private(set) var openings: Int

    /// Whether creates go through.
    package enum State: String, Sendable, CaseIterable {
        /// All creates go through.
        case closed
        /// None goes through.
        case open
        /// One task tries.
        case halfOpen = "half_open"
    }

    /// What it lets through at a moment.
    package enum Admission: Sendable, Equatable {
        case all
        /// One task, once `probe` was noted.
        case probe
        case none
    }

    /// A breaker as it stands in the database; closed when nothing is said.
    package init(
        state: State = .closed, cause: ProviderFault.Class? = nil, faults: Int = 0, pollFaults: Int = 0,
        changedAt: Timestamp? = nil, probeAt: Timestamp? = nil, openings: Int = 0
    ) {
        self.state = state
        self.cause = cause
        self.faults = faults
        self.pollFaults = pollFaults
        self.changedAt = changedAt
        self.probeAt = probeAt
        self.openings = openings
    }

    /// Passing faults in a row that open it.
    package static let faultsMax = 5

    /// What it lets through now.
    package func admission(at now: Timestamp) -> Admission {
        switch state {
        case .closed: .all
        case .open, .halfOpen: probeAt.map { now >= $0 } ?? true ? .probe : .none
        }
    }

    /// Thousandths of cap and rate that are allowed: everything, but after an outage a twentieth at first and twice as
    /// much each ten seconds, so that no herd follows the first success.
    package func rampPermille(at now: Timestamp) -> Int {
        guard state == .closed, let changedAt else { return 1_000 }
        let steps = min(max(now.milliseconds(since: changedAt), 0) / 10_000, 5)
        return min(1_000, 50 << Int(steps))
    }

    /// Since when the account does not work; nil for one that does.
    package var brokenSince: Timestamp? { state == .closed ? nil : changedAt }

    /// True when there is something that an answer would change.
    package var isWatching: Bool { state != .closed || faults > 0 }
}

extension Breaker {
    /// One task tries; it counts as lost when it has told nothing within the lease of a submission.
    package mutating func probe(at now: Timestamp) {
        state = .halfOpen
        probeAt = now.adding(milliseconds: VideoTask.submitLeaseMilliseconds)
    }

    /// A create was refused, or nobody knows what became of it.
    package mutating func createFailed(_ fault: ProviderFault, at now: Timestamp) {
        switch fault.class {
        case .auth, .quotaExhausted:
            open(by: fault.class, at: now)
        case .transient, .timeout, .noEndpoint, .unknown:
            faults = min(faults + 1, Self.faultsMax)
            if state == .halfOpen || faults >= Self.faultsMax { open(by: fault.class, at: now) }
        case .rateLimited, .moderated, .permanentRequest, .permanentGeneration, .retired, .lost:
            // The provider has looked at the request, so the account works.
            createAnswered(at: now)
        }
    }

    /// A create went through, or the provider has shown that it works.
    package mutating func createAnswered(at now: Timestamp) {
        switch state {
        case .closed: break
        case .halfOpen:
            state = .closed
            changedAt = now
            probeAt = nil
            pollFaults = 0
        case .open:
            // Sent before it opened: no proof, but a reason to try at once, unless the account itself was refused.
            guard let cause, !cause.closesAccount else { return }
            probeAt = min(probeAt ?? now, now)
        }
        faults = 0
    }

    /// What so many polls of the account showed together: one that was answered forgets the ones that were not.
    package mutating func polled(answered: Int, failed: Int, lastFault: ProviderFault?, at now: Timestamp) {
        if answered > 0 {
            pollFaults = 0
            return
        }
        guard let lastFault else { return }
        switch lastFault.class {
        case .auth, .quotaExhausted:
            if state == .closed { open(by: lastFault.class, at: now) }
        case .transient, .timeout, .noEndpoint, .unknown:
            pollFaults = min(pollFaults + failed, Self.faultsMax)
            if state == .closed && pollFaults >= Self.faultsMax { open(by: lastFault.class, at: now) }
        case .rateLimited, .moderated, .permanentRequest, .permanentGeneration, .retired, .lost: break
        }
    }

    /// An operator has mended something: the next task may try at once.
    package mutating func retryNow(at now: Timestamp) {
        if state != .closed { probeAt = now }
    }

    private mutating func open(by class: ProviderFault.Class, at now: Timestamp) {
        // What is open for the account as a whole stays so, whatever follows from creates that were sent before.
        let keepsCause = state == .open && cause?.closesAccount == true && !`class`.closesAccount
        // How long nobody has taken creates decides what becomes of a lane: an outage before it does not count.
        let isOtherTrouble = `class` == .noEndpoint && cause != .noEndpoint && !keepsCause
        if state == .closed { openings += 1 }
        if state == .closed || isOtherTrouble { changedAt = now }
        state = .open
        if keepsCause { return }
        cause = `class`
        probeAt = now.adding(milliseconds: `class`.closesAccount ? 300_000 : 30_000)
    }
}

extension ProviderFault.Class {
    /// True for what only somebody can mend who has the account: waiting a little does not help.
    fileprivate var closesAccount: Bool {
        switch self {
        case .auth, .quotaExhausted: true
        case .transient, .rateLimited, .moderated, .permanentRequest, .permanentGeneration, .retired, .noEndpoint,
            .lost, .timeout, .unknown:
            false
        }
    }
}
