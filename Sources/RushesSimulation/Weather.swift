import RushesCore

/// What a provider as a whole goes through, besides the faults of single calls.
package struct Weather: Sendable, Equatable {
    /// What every call meets.
    package enum Outage: Sendable, CaseIterable {
        /// Nobody listens: no create can have arrived.
        case refusesConnections
        /// 503 to everything: of a create nobody knows whether it arrived.
        case answersServerErrors
        /// The key is refused.
        case refusesKey

        var fault: ProviderFault {
            switch self {
            case .refusesConnections: ProviderFault(.transient, message: "connection refused")
            case .answersServerErrors: ProviderFault(.transient, code: "server_error", message: "scripted outage")
            case .refusesKey: ProviderFault(.auth, code: "invalid_api_key", message: "scripted")
            }
        }
    }

    /// Creates per minute that the provider takes; nil for as many as come.
    package var createsPerMinute: Int?
    /// Whether its 429s say when to come again.
    package var tellsRetryAfter = true
    /// What every call meets; nil when they are answered.
    package var outage: Outage?
    /// Milliseconds that a job takes at least.
    package var shortestJob: Int64 = 100
    /// Milliseconds that a job takes at most.
    package var longestJob: Int64 = 15_000

    private var tokensMilli: Int64 = 0
    private var refilledAt: Timestamp?

    /// Fair weather.
    package init() {}

    /// Takes a create from the provider's bucket, which holds ten seconds of its limit; answers the milliseconds to
    /// wait when it is empty, nil when the create is taken.
    mutating func takeToken(at now: Timestamp) -> Int64? {
        guard let createsPerMinute else { return nil }
        let rate = Int64(createsPerMinute)
        let elapsed = refilledAt.map { min(now.milliseconds(since: $0), 600_000) } ?? 600_000
        tokensMilli = min(max(1_000, rate * 1_000 / 6), tokensMilli + elapsed * rate / 60)
        refilledAt = now
        if tokensMilli >= 1_000 {
            tokensMilli -= 1_000
            return nil
        }
        return (1_000 - tokensMilli) * 60 / rate + 1
    }
}
