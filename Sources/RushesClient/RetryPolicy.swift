/// How often and how long a client tries again when a repetition is safe.
public struct RetryPolicy: Sendable {
    /// Sendings of one request, the first included.
    public var attemptsMax: Int
    /// Milliseconds before the second sending; doubles with each further one.
    public var firstPauseMilliseconds: Int
    /// Seconds of a `Retry-After` that are still waited for; a longer one is reported as the error that it is.
    public var retryAfterSecondsMax: Int
    /// Waits; the caller owns the clock.
    public var pause: @Sendable (Duration) async throws -> Void

    /// A policy from its members, in the order of the fields.
    public init(
        attemptsMax: Int = 4, firstPauseMilliseconds: Int = 250, retryAfterSecondsMax: Int = 10,
        pause: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.attemptsMax = attemptsMax
        self.firstPauseMilliseconds = firstPauseMilliseconds
        self.retryAfterSecondsMax = retryAfterSecondsMax
        self.pause = pause
    }

    /// The pause after a failed sending, or nil when it was the last word.
    ///
    /// - Parameter attempt: the number of the sending that failed, from 1.
    func pauseAfter(attempt: Int, error: RushesClientError) -> Duration? {
        guard attempt < attemptsMax, error.isPassing else { return nil }
        if let seconds = error.retryAfterSeconds {
            return seconds <= retryAfterSecondsMax ? .seconds(seconds) : nil
        }
        return .milliseconds(firstPauseMilliseconds << min(attempt - 1, 6))
    }
}
