/// What is asked for on top of a net price, in hundredths of a percent.
package struct TaxRate: Sendable, Equatable, Codable {
    /// Hundredths of a percent: 1,900 is 19 %.
    package let basisPoints: Int

    /// No tax.
    package static let none = TaxRate(trusted: 0)

    /// A rate as it stands in the database.
    package init(trusted basisPoints: Int) {
        self.basisPoints = basisPoints
    }

    /// A rate from outside; nil unless it is between nothing and 100 %.
    package init?(basisPoints: Int) {
        guard (0...10_000).contains(basisPoints) else { return nil }
        self.basisPoints = basisPoints
    }

    /// The tax on a document's net sum, rounded half up to whole cents, once for the whole document
    /// (`reference/ledger-billing.md` b.8): lines are not rounded, so that they add up.
    package func tax(on net: Dollars) -> Dollars {
        precondition(net >= .zero && basisPoints >= 0, "tax is on what is asked for")
        let (centMicros, whole) = (Int128(10_000), Int128(10_000))
        let cents = (Int128(net.micros) * Int128(basisPoints) + centMicros * whole / 2) / (centMicros * whole)
        return Dollars(micros: Int64(cents * centMicros))
    }
}
