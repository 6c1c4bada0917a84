/// What a driver tells while it works, for the log and the metrics.
package enum PostgresEvent: Sendable, Equatable {
    /// A connection was made; `again` when it replaces one that broke.
    case connected(again: Bool)
    /// A connection broke, or could not be made; the next attempt comes after the wait.
    case disconnected(reason: String, nextAttemptMilliseconds: Int)
}
