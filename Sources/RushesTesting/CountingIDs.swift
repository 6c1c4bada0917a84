package import RushesCore
import Synchronization

/// Identifiers with rising numbers in them, so that a test's text repeats itself.
package final class CountingIDs: IDSource {
    private let count = Mutex<UInt64>(0)

    /// Begins with 1.
    package init() {}

    package func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return Identifier(at: Timestamp(milliseconds: 1_795_000_000_000), randomHigh: 0, randomLow: number)
    }
}
