/// A unit of money; amounts of different units never mix.
package protocol MoneyUnit: Sendable {
    /// The code in the ledger's `unit` column and in its canonical bytes.
    static var code: String { get }
}

/// Micro-credits: 1 credit buys what one US dollar buys at list price.
package enum CreditUnit: MoneyUnit { package static let code = "uCR" }

/// Micro-US-dollars of the cash books.
package enum DollarUnit: MoneyUnit { package static let code = "uUSD" }

/// An amount of money as whole micro-units of one unit; arithmetic traps on overflow, there is no division.
package struct Money<Unit: MoneyUnit>: Hashable, Comparable, Sendable, Codable {
    /// Millionths of the unit.
    package let micros: Int64

    /// An amount from millionths of the unit.
    package init(micros: Int64) {
        self.micros = micros
    }

    /// No money.
    package static var zero: Money { Money(micros: 0) }

    package static func < (left: Money, right: Money) -> Bool { left.micros < right.micros }
    /// The sum.
    package static func + (left: Money, right: Money) -> Money { Money(micros: left.micros + right.micros) }
    /// The difference.
    package static func - (left: Money, right: Money) -> Money { Money(micros: left.micros - right.micros) }
    /// The amount with the other sign.
    package static prefix func - (amount: Money) -> Money { Money(micros: -amount.micros) }
    /// Adds in place.
    package static func += (left: inout Money, right: Money) { left = left + right }
    /// Subtracts in place.
    package static func -= (left: inout Money, right: Money) { left = left - right }
    /// The amount times a count, such as price x tasks.
    package static func * (left: Money, count: Int) -> Money { Money(micros: left.micros * Int64(count)) }

    /// Adds in place and wraps around instead of trapping: for figures that somebody may have forged, which checks
    /// that follow find.
    package mutating func wrap(adding change: Money) {
        self = Money(micros: micros &+ change.micros)
    }

    package init(from decoder: any Decoder) throws {
        micros = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(micros)
    }
}

/// List-priced credits of a wallet.
package typealias Credits = Money<CreditUnit>
/// Cash.
package typealias Dollars = Money<DollarUnit>

extension Money {
    /// `floor(self x numerator / denominator)` without overflow in between, for `floor(captured x paid / face)`.
    package func scaled<Other: MoneyUnit>(by numerator: Money<Other>, over denominator: Money) -> Money<Other> {
        precondition(micros >= 0 && numerator.micros >= 0 && denominator.micros > 0, "scaling takes shares of grants")
        let product = Int128(micros) * Int128(numerator.micros)
        return Money<Other>(micros: Int64(product / Int128(denominator.micros)))
    }

    /// How many whole prices fit into this amount, such as the videos a wallet can still pay.
    package func count(of price: Money) -> Int {
        precondition(price.micros > 0, "a price is above zero")
        return Int(max(0, micros) / price.micros)
    }
}
