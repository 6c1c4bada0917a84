package import RushesCore
import Synchronization

/// Chance and identifiers that a seed repeats, as long as they are asked for in the same order.
package final class SeededChance: RandomSource, IDSource {
    private let generator: Mutex<SplitMix64>
    private let clock: ManualClock

    /// Chance from a seed; identifiers carry the clock's time.
    package init(seed: UInt64, clock: ManualClock) {
        generator = Mutex(SplitMix64(seed: seed))
        self.clock = clock
    }

    package func next() -> UInt64 { generator.withLock { $0.next() } }

    package func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> {
        Identifier(at: clock.now, randomHigh: UInt16(truncatingIfNeeded: next()), randomLow: next())
    }

    /// A number between two others, both included.
    package func between(_ low: Int64, _ high: Int64) -> Int64 { low + below(high - low + 1) }

    /// A number between two others, both included.
    package func between(_ low: Int, _ high: Int) -> Int { Int(between(Int64(low), Int64(high))) }

    /// True in so many of a thousand cases.
    package func happens(_ permille: Int) -> Bool { below(1_000) < Int64(permille) }

    /// One of these.
    package func choice<Element>(of elements: [Element]) -> Element { elements[between(0, elements.count - 1)] }
}
