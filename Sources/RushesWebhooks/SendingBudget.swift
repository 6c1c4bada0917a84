import NIOCore
import RushesCore

/// The time that one attempt has, from its beginning.
struct SendingBudget: Sendable {
    /// When it began.
    let started = NIODeadline.now()

    /// When it is over.
    var deadline: NIODeadline { started + .milliseconds(Limits.webhookBudgetMilliseconds) }

    /// Milliseconds since it began.
    var elapsedMilliseconds: Int64 { started.milliseconds(until: .now()) }

    /// Milliseconds that are left, 1 at least so that a timer can be set.
    var remainingMilliseconds: Int64 { max(1, NIODeadline.now().milliseconds(until: deadline)) }
}

extension NIODeadline {
    /// Milliseconds from this moment to a later one.
    func milliseconds(until later: NIODeadline) -> Int64 { (later - self).nanoseconds / 1_000_000 }
}
