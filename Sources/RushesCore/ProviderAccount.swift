/// A provider account as all nodes see it: one set of credentials, behind one or more lanes.
package struct ProviderAccount: Sendable, Equatable {
    /// Its name in the configuration, such as `openai`.
    package let name: String
    /// Whether it works.
    package var breaker: Breaker
    /// Polls per minute over all its lanes, at most: with more jobs each is looked at less often.
    package let pollsPerMinute: Int

    /// An account as it stands in the database; a new one works.
    package init(name: String, breaker: Breaker = Breaker(), pollsPerMinute: Int = Limits.pollsPerMinuteDefault) {
        self.name = name
        self.breaker = breaker
        self.pollsPerMinute = pollsPerMinute
    }
}

/// What the calls to an account showed that one transaction writes down.
package struct PollTally: Sendable, Equatable {
    /// Polls that the provider answered.
    package private(set) var answered = 0
    /// Polls that it could not answer.
    package private(set) var failed = 0
    /// Why the last of them failed.
    package private(set) var lastFault: ProviderFault?

    /// Nothing yet.
    package init() {}

    /// Counts one poll.
    package mutating func add(_ outcome: PollOutcome) {
        switch outcome {
        case .running, .completed, .failed, .lost: answered += 1
        case .unavailable(let fault):
            failed += 1
            lastFault = fault
        }
    }
}
