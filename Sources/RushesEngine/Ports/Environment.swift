package import RushesCore

/// Everything that differs between two runs of the same steps: time, identifiers, chance.
package struct Environment: Sendable {
    /// This machine's wall clock: for logs and for what only this process reads. What is written to the database
    /// carries the database's time, since the clocks of two machines differ.
    package let now: @Sendable () -> Timestamp
    /// Milliseconds since some moment of this process's past, by a clock that is never set back: for what is left of a
    /// lease.
    package let elapsedMilliseconds: @Sendable () -> Int64
    /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
    package let sleep: @Sendable (_ milliseconds: Int64) async throws -> Void
    /// New identifiers.
    package let ids: any IDSource
    /// Random bits for jitter and keys; secure in production, seeded in tests.
    package let random: any RandomSource

    /// An environment from its parts; where time is given by hand, what has elapsed is read off the same clock.
    package init(
        now: @escaping @Sendable () -> Timestamp,
        elapsedMilliseconds: (@Sendable () -> Int64)? = nil,
        sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void,
        ids: any IDSource,
        random: any RandomSource
    ) {
        self.now = now
        self.elapsedMilliseconds = elapsedMilliseconds ?? { now().milliseconds }
        self.sleep = sleep
        self.ids = ids
        self.random = random
    }
}

extension Duration {
    /// Milliseconds, the rest cut off.
    package var wholeMilliseconds: Int64 { components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000 }
}
