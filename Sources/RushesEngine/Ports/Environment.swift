package import RushesCore

/// Everything that differs between two runs of the same steps: time, identifiers, chance.
package struct Environment: Sendable {
    /// The wall clock.
    package let now: @Sendable () -> Timestamp
    /// Waits; throws `CancellationError` when the task is cancelled meanwhile.
    package let sleep: @Sendable (_ milliseconds: Int64) async throws -> Void
    /// New identifiers.
    package let ids: any IDSource
    /// Random bits for jitter and keys; secure in production, seeded in tests.
    package let random: any RandomSource

    /// An environment from its parts.
    package init(
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void,
        ids: any IDSource,
        random: any RandomSource
    ) {
        self.now = now
        self.sleep = sleep
        self.ids = ids
        self.random = random
    }
}
