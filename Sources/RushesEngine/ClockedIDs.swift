package import RushesCore
import Synchronization

/// New identifiers from a clock and random bits, which are fetched many at a time: to ask the operating system for the
/// bits of each one costs more than all the rest of it.
package final class ClockedIDs: IDSource {
    private let now: @Sendable () -> Timestamp
    private let words: @Sendable () -> [UInt64]
    private let left = Mutex<[UInt64]>([])

    /// - Parameters:
    ///   - now: the time that the identifiers carry.
    ///   - words: the next random words, two at least.
    package init(now: @escaping @Sendable () -> Timestamp, words: @escaping @Sendable () -> [UInt64]) {
        self.now = now
        self.words = words
    }

    package func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> {
        let (high, low) = left.withLock { left in
            if left.count < 2 { left = words() }
            return (left.removeLast(), left.removeLast())
        }
        return Identifier(at: now(), randomHigh: UInt16(truncatingIfNeeded: high), randomLow: low)
    }
}
