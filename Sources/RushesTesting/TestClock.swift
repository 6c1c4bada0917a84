package import RushesCore
import Synchronization

/// Time that a test moves.
package final class TestClock: Sendable {
    private let milliseconds = Mutex<Int64>(1_795_000_000_000)

    /// A clock that stands still.
    package init() {}

    /// The moment at which it stands.
    package var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

    /// Moves it on.
    package func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1_000 } }
}
