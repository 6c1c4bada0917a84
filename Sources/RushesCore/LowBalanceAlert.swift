/// When a wallet's owner is told that it runs low: once each time its free credits fall below a mark, and not again
/// before they have been at the mark.
package struct LowBalanceAlert: Sendable, Equatable {
    /// The mark; nil for never.
    package let below: Credits?
    /// True from the fall below the mark until the rise to it.
    package private(set) var isLow: Bool

    /// An alert as it stands in the database.
    package init(below: Credits?, isLow: Bool) {
        self.below = below
        self.isLow = isLow
    }

    /// Looks at the free credits after a change; answers true when the owner is to be told now.
    package mutating func observe(available: Credits) -> Bool {
        let wasLow = isLow
        isLow = below.map { available < $0 } ?? false
        return isLow && !wasLow
    }
}
