/// What is left of a lane's cap and rate after the provider's 429s: half at once, back by additions while none comes.
///
/// Cap and rate move together, in thousandths: a 429 does not say which of the two was too high, and at a lower rate a
/// lane needs fewer slots. Nothing is written while it recovers: what is allowed follows from the time alone.
package struct Throttle: Sendable, Equatable {
    /// Thousandths of the limits at which the provider last refused, as far as it is known; 1000 before that.
    package private(set) var ceilingPermille: Int
    /// The end of the pause that followed the last refusal; nil before the first one.
    package private(set) var resumedAt: Timestamp?
    /// The length of that pause.
    package private(set) var pauseMilliseconds: Int64
    /// Creates that were sent since the limits were last cut; fades together with `refusals`.
    package private(set) var sent: Int
    /// How many of them the provider refused as one too many.
    package private(set) var refusals: Int

    /// A throttle as it stands in the database; nothing is held back when nothing is said.
    package init(
        ceilingPermille: Int = 1_000, resumedAt: Timestamp? = nil, pauseMilliseconds: Int64 = 0, sent: Int = 0,
        refusals: Int = 0
    ) {
        self.ceilingPermille = ceilingPermille
        self.resumedAt = resumedAt
        self.pauseMilliseconds = pauseMilliseconds
        self.sent = sent
        self.refusals = refusals
    }

    private static let defaultPauseMilliseconds: Int64 = 5_000
    private static let longestDefaultPauseMilliseconds: Int64 = 60_000
    /// A refusal so soon after a pause says that the pause was too short.
    private static let soonMilliseconds: Int64 = 10_000

    /// A smaller part of refusals among the creates comes from single requests: halving the limits would not change it.
    private static let tellingPermille = 60
    /// Fewer creates than this are taken for as many: one refusal among them tells.
    private static let sentMin = 16

    /// Thousandths of cap and rate that are allowed now.
    ///
    /// Half of the ceiling for 30 s after the pause, three quarters until 60 s, nine tenths until two minutes; then it
    /// looks for more, by 50 thousandths and twice as many each 20 s, so that all is allowed after three minutes.
    package func permille(at now: Timestamp) -> Int {
        guard let resumedAt else { return 1_000 }
        let quiet = now.milliseconds(since: resumedAt)
        if quiet < 30_000 { return ceilingPermille / 2 }
        if quiet < 60_000 { return ceilingPermille * 3 / 4 }
        let plateau = ceilingPermille * 9 / 10
        if quiet < 120_000 { return plateau }
        let steps = min((quiet - 120_000) / 20_000 + 1, 5)
        return min(1_000, plateau + 50 * ((1 << Int(steps)) - 1))
    }

    /// Creates are about to be sent; of more than `window` the older ones fade.
    package mutating func sends(_ count: Int, window: Int) {
        sent += count
        guard sent > window else { return }
        refusals = refusals * (window / 2) / sent
        sent = window / 2
    }

    /// The provider refused a create as one too many; answers until when nothing may be sent.
    ///
    /// Several refusals at once halve the limits once: the others were sent before the first was heard. Single ones
    /// among many creates only pause, unless it is just looking for more than the ceiling: then that was too much, and
    /// the ceiling, which held until then, stays.
    package mutating func refused(isFirst: Bool, retryAfter: Int64?, at now: Timestamp) -> Timestamp {
        let asked = retryAfter.map { min(max($0, 0), RetryAfter.millisecondsMax) }
        refusals += 1
        let reached = permille(at: now)
        let isTelling = refusals * 1_000 >= max(sent, Self.sentMin) * Self.tellingPermille
        guard isTelling || reached > ceilingPermille, resumedAt.map({ now >= $0 }) ?? true else {
            return now.adding(milliseconds: asked ?? (isFirst ? Self.defaultPauseMilliseconds : 0))
        }
        ceilingPermille = max(2, reached > ceilingPermille ? max(ceilingPermille, reached * 2 / 3) : reached)
        pauseMilliseconds = asked ?? nextPause(at: now)
        let end = now.adding(milliseconds: pauseMilliseconds)
        resumedAt = end
        (sent, refusals) = (0, 0)
        return end
    }

    /// 5 s, and twice the last pause up to 60 s when that was not long enough.
    private func nextPause(at now: Timestamp) -> Int64 {
        guard let resumedAt, now.milliseconds(since: resumedAt) < Self.soonMilliseconds else {
            return Self.defaultPauseMilliseconds
        }
        return min(max(pauseMilliseconds * 2, Self.defaultPauseMilliseconds), Self.longestDefaultPauseMilliseconds)
    }
}
