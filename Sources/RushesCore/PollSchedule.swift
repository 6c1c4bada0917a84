/// When to look at a provider's job again.
package enum PollSchedule {
    private static let shortestPauseMilliseconds: Int64 = 50
    private static let longestPauseMilliseconds: Int64 = 10_000

    /// The next look: the provider's hint when it gives one, else every 5 s for a minute and every 10 s after it, with
    /// up to a fifth of jitter; never after the deadline, at which the last look is due.
    ///
    /// `jitterPermille` is a random number in `0 ..< 1000`.
    package static func next(
        at now: Timestamp, age ageMilliseconds: Int64, hint hintMilliseconds: Int64?, deadline: Timestamp?,
        jitterPermille: Int64
    ) -> Timestamp {
        let pause: Int64
        if let hintMilliseconds {
            pause = min(max(hintMilliseconds, shortestPauseMilliseconds), longestPauseMilliseconds)
        } else {
            pause = ageMilliseconds < 60_000 ? 5_000 : longestPauseMilliseconds
        }
        let jittered = now.adding(milliseconds: pause + pause * jitterPermille / 5_000)
        guard let deadline, deadline > now else { return jittered }
        return min(jittered, deadline)
    }
}
