/// When a webhook that was not taken is sent again: the one place for the times between attempts.
package enum RetryProfile: String, Sendable, CaseIterable, Codable {
    /// At most three attempts within about 70 seconds: at once, after 10 s, after 60 s.
    case contract
    /// The ten attempts over three days that Standard Webhooks 1.0.0 advises.
    case extended

    /// Seconds before each attempt, from the end of the one before.
    private var pausesSeconds: [Int64] {
        switch self {
        case .contract: [0, 10, 60]
        case .extended:
            [0, 5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600]
        }
    }

    /// Attempts of one delivery, at most.
    package var attemptsMax: Int { pausesSeconds.count }

    /// The longest pause that a receiver's `retry-after` may ask for, in seconds.
    private var retryAfterMaxSeconds: Int64 {
        switch self {
        case .contract: 300
        case .extended: 86_400
        }
    }

    /// Milliseconds until the next attempt, after some have been made; nil when there is none left.
    ///
    /// - Parameters:
    ///   - permille: `0 ..< 1000`, spreads the pause by a fifth either way.
    ///   - retryAfterSeconds: what the receiver asked for; it makes the pause longer, never shorter.
    package func pauseMilliseconds(afterAttempts attempts: Int, permille: Int64, retryAfterSeconds: Int64?) -> Int64? {
        precondition(attempts > 0 && (0..<1_000).contains(permille), "jitter is in permille")
        guard attempts < attemptsMax else { return nil }
        let base = pausesSeconds[attempts]
        let spread = base * (800 + permille * 2 / 5)
        let asked = min(max(retryAfterSeconds ?? 0, 0), retryAfterMaxSeconds) * 1_000
        return max(spread, asked, 1_000)
    }
}
