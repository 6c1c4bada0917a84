package import RushesCore
import Synchronization

/// Time that only its owner moves.
package final class ManualClock: Sendable {
    private let milliseconds: Mutex<Int64>

    /// A clock that stands at a moment.
    package init(at moment: Timestamp = Timestamp(milliseconds: 1_795_460_000_000)) {
        milliseconds = Mutex(moment.milliseconds)
    }

    /// The moment at which it stands.
    package var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// Moves it on.
    package func advance(milliseconds delta: Int64) {
        precondition(delta >= 0, "time does not go back")
        milliseconds.withLock { $0 += delta }
    }
}
