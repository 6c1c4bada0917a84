import Synchronization

/// Requests of customers that this node has answered since somebody last asked, for its heartbeat.
package final class RequestTally: Sendable {
    private struct Counts {
        var requests = 0
        var failures = 0
    }

    private let counts = Mutex(Counts())

    /// Nothing counted yet.
    package init() {}

    /// Counts an answer; a failure is one of ours, a 5xx.
    package func count(isFailure: Bool) {
        counts.withLock { counts in
            counts.requests += 1
            if isFailure { counts.failures += 1 }
        }
    }

    /// Takes what was counted, which begins again at nothing.
    package func take() -> (requests: Int, failures: Int) {
        counts.withLock { counts in
            defer { counts = Counts() }
            return (counts.requests, counts.failures)
        }
    }

    /// Puts back what could not be written.
    package func putBack(_ taken: (requests: Int, failures: Int)) {
        counts.withLock { counts in
            counts.requests += taken.requests
            counts.failures += taken.failures
        }
    }
}
