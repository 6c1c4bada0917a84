/// When to look at a provider's job again: as often as the times that its lane's jobs took make it worth, and never
/// more often than the account's budget of polls allows.
package struct PollSchedule: Sendable, Equatable {
    /// How long jobs of the lane took lately.
    package let times: CompletionTimes
    /// The least pause between two looks at one job that keeps the account within its budget.
    package let leastPauseMilliseconds: Int64

    /// A schedule from what is known of a lane and its account; by default of a lane that is not known yet.
    ///
    /// - Parameters:
    ///   - jobs: jobs of the account, over all its lanes, that are looked at.
    ///   - pollsPerMinute: the account's budget; with more jobs each is looked at less often, and none is left out.
    package init(
        times: CompletionTimes = CompletionTimes(), jobs: Int = 0, pollsPerMinute: Int = Limits.pollsPerMinuteDefault
    ) {
        self.times = times
        leastPauseMilliseconds = Int64(jobs) * 60_000 / Int64(pollsPerMinute)
    }

    private static let shortestHintMilliseconds: Int64 = 50
    private static let longestHintMilliseconds: Int64 = 10_000
    private static let shortestPauseMilliseconds: Int64 = 1_000
    private static let longestPauseMilliseconds: Int64 = 15_000
    private static let longestFirstPauseMilliseconds: Int64 = 60_000
    /// How long a finished job should wait on average until it is seen.
    private static let delayMilliseconds: Int64 = 1_700
    private static let stepMilliseconds: Int64 = 250

    /// The next look: the provider's hint when it gives one, else when it is worth it, with some jitter; never after
    /// the deadline, at which the last look is due.
    ///
    /// A scout is looked at evenly, whatever is known: from scouts alone the lane learns, since of other jobs the looks
    /// come where jobs ended before. `jitterPermille` is a random number in `0 ..< 1000`.
    package func next(
        at now: Timestamp, age ageMilliseconds: Int64, hint hintMilliseconds: Int64?, deadline: Timestamp?,
        isScout: Bool = false, jitterPermille: Int64
    ) -> Timestamp {
        let learned = hintMilliseconds == nil && !isScout ? learnedPause(age: ageMilliseconds) : nil
        let pause = max(
            learned ?? evenPause(age: isScout ? 0 : ageMilliseconds, hint: hintMilliseconds), leastPauseMilliseconds)
        // A learned pause is spread by itself: little is enough to keep jobs apart that were sent together.
        let jittered = now.adding(milliseconds: pause + pause * jitterPermille / (learned == nil ? 5_000 : 20_000))
        guard let deadline, deadline > now else { return jittered }
        return min(jittered, deadline)
    }

    private func evenPause(age: Int64, hint: Int64?) -> Int64 {
        if let hint { return min(max(hint, Self.shortestHintMilliseconds), Self.longestHintMilliseconds) }
        return age < 60_000 ? 5_000 : 10_000
    }

    /// The pause after which jobs that are not finished at this age have together waited, on average, for as long as a
    /// look costs; nil where nothing is known, at the beginning and beyond the longest job.
    ///
    /// With an even chance to end this is the square root of two prices through the chance; it needs no derivative, and
    /// waits by itself for the age at which jobs begin to end.
    private func learnedPause(age: Int64) -> Int64? {
        guard times.isTelling else { return nil }
        let endedBefore = times.endedMilli(after: age)
        let waiting = Int64(times.total) * 1_000 - endedBefore
        // Of a hundredth nobody knows how long they take.
        guard waiting * 100 > Int64(times.total) * 1_000 else { return nil }
        let longest = age == 0 ? Self.longestFirstPauseMilliseconds : Self.longestPauseMilliseconds
        let worth = priceMilliseconds * waiting
        var waited: Int64 = 0
        var pause: Int64 = 0
        while pause < longest && waited < worth {
            pause += Self.stepMilliseconds
            waited += (times.endedMilli(after: age + pause) - endedBefore) * Self.stepMilliseconds
        }
        return max(pause, Self.shortestPauseMilliseconds)
    }

    /// What a look costs, in milliseconds of waiting: so much that a job in the middle of its lane's times waits for
    /// `delayMilliseconds` on average, however wide these are spread.
    private var priceMilliseconds: Int64 {
        let spread = max(times.quantile(permille: 750) - times.quantile(permille: 250), 1_000)
        return min(max(2 * Self.delayMilliseconds * Self.delayMilliseconds / spread, 20), 300)
    }

    /// When a scout probably ended that was seen to have ended at this age: in the middle between two looks.
    package func likelyEnd(seenAt age: Int64) -> Int64 {
        let pause = max(evenPause(age: 0, hint: nil), leastPauseMilliseconds)
        return max(age - pause / 2, age / 2)
    }
}
