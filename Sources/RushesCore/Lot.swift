/// One grant of list-priced credits: what was paid, what it is worth, and where its credits are now.
package struct Lot: Sendable, Equatable {
    /// The lot.
    package let id: LotID
    /// Where it comes from.
    package let origin: LotOrigin
    /// Lower is drawn first.
    package let priority: Int
    /// Cash received for it; zero for gifts.
    package let paid: Dollars
    /// Credits granted.
    package let face: Credits
    /// Credits that can be frozen.
    package private(set) var available: Credits
    /// Credits frozen by open holds.
    package private(set) var held: Credits
    /// Credits charged for delivered videos.
    package private(set) var captured: Credits
    /// When its free credits can no longer be frozen; nil for bought lots, which never expire.
    package let expiresAt: Timestamp?
    /// The place in the wallet's order of grants, from 1.
    package let sequence: Int

    /// A lot as it stands in the database.
    package init(
        id: LotID, origin: LotOrigin, priority: Int, paid: Dollars, face: Credits, available: Credits, held: Credits,
        captured: Credits, expiresAt: Timestamp?, sequence: Int
    ) {
        self.id = id
        self.origin = origin
        self.priority = priority
        self.paid = paid
        self.face = face
        self.available = available
        self.held = held
        self.captured = captured
        self.expiresAt = expiresAt
        self.sequence = sequence
    }

    /// A new grant, all of it available.
    package init(
        granting face: Credits, paid: Dollars, origin: LotOrigin, id: LotID, sequence: Int, expiresAt: Timestamp? = nil
    ) {
        precondition(face > .zero && face.micros <= Limits.lotMicrosMax && paid >= .zero, "a grant is above zero")
        self.init(
            id: id, origin: origin, priority: origin.priority, paid: paid, face: face, available: face, held: .zero,
            captured: .zero, expiresAt: expiresAt, sequence: sequence)
    }

    /// Cash recognized as revenue so far: `floor(captured x paid / face)`, so that a spent lot has recognized exactly
    /// what was paid (`product.md` section 3).
    package var recognized: Dollars {
        captured.scaled(by: paid, over: face)
    }

    /// Freezes free credits.
    package mutating func hold(_ amount: Credits) {
        precondition(amount > .zero && amount <= available, "a hold takes what is available")
        available -= amount
        held += amount
    }

    /// Charges held credits; answers the revenue that this recognizes.
    package mutating func capture(_ amount: Credits) -> Dollars {
        precondition(amount > .zero && amount <= held, "a capture takes what is held")
        let before = recognized
        held -= amount
        captured += amount
        return recognized - before
    }

    /// Gives held credits back.
    package mutating func release(_ amount: Credits) {
        precondition(amount > .zero && amount <= held, "a release takes what is held")
        held -= amount
        available += amount
    }
}

/// Where a lot comes from.
package enum LotOrigin: String, Sendable, CaseIterable {
    case package
    case topup
    case promo
    case adjustment
    case creditLine = "credit_line"

    /// The place in the order of drawing: gifts first, the credit line last.
    package var priority: Int {
        switch self {
        case .promo: 10
        case .adjustment: 20
        case .package, .topup: 50
        case .creditLine: 90
        }
    }
}

extension Lot {
    /// The order of drawing: priority, then expiry (none last), then age (`product.md` section 3).
    package static func isDrawnBefore(_ left: Lot, _ right: Lot) -> Bool {
        if left.priority != right.priority { return left.priority < right.priority }
        switch (left.expiresAt, right.expiresAt) {
        case (let leftEnd?, let rightEnd?) where leftEnd != rightEnd: return leftEnd < rightEnd
        case (.some, nil): return true
        case (nil, .some): return false
        case (.some, .some), (nil, nil): return left.sequence < right.sequence
        }
    }
}
