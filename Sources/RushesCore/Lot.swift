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
    /// Credits that went for other reasons than a video.
    package private(set) var gone: Gone
    /// When its free credits can no longer be frozen; nil for bought lots, which never expire.
    package internal(set) var expiresAt: Timestamp?
    /// The place in the wallet's order of grants, from 1.
    package let sequence: Int

    /// A lot as it stands in the database.
    package init(
        id: LotID, origin: LotOrigin, priority: Int, paid: Dollars, face: Credits, available: Credits, held: Credits,
        captured: Credits, gone: Gone = Gone(), expiresAt: Timestamp?, sequence: Int
    ) {
        self.id = id
        self.origin = origin
        self.priority = priority
        self.paid = paid
        self.face = face
        self.available = available
        self.held = held
        self.captured = captured
        self.gone = gone
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

    /// Cash earned with what was charged or taken out so far: `floor((captured + adjusted) x paid / face)`, so that a
    /// lot that is spent has recognized exactly what was paid (`product.md` section 3).
    package var recognized: Dollars {
        (captured + gone.adjusted).scaled(by: paid, over: face)
    }

    /// Cash that waits for credits to be spent; what a refund of the whole rest pays back.
    package var deferred: Dollars { paid - recognized - gone.refunded }

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

    /// Gives held credits back. Those that were held over their lot's expiry can be used a while longer.
    package mutating func release(_ amount: Credits, at now: Timestamp) {
        precondition(amount > .zero && amount <= held, "a release takes what is held")
        held -= amount
        available += amount
        if let expiresAt, expiresAt <= now, let grace = origin.graceMilliseconds {
            self.expiresAt = now.adding(milliseconds: grace)
        }
    }

    /// Moves free credits out of the lot.
    mutating func leave(_ amount: Credits, _ note: (inout Gone) -> Void) {
        available -= amount
        note(&gone)
    }

    /// Credits of a lot that left it for other reasons than a video, and the cash that went back for them.
    package struct Gone: Sendable, Equatable {
        /// Past their date.
        package internal(set) var expired: Credits
        /// Taken back against cash.
        package internal(set) var revoked: Credits
        /// Taken out by a correction.
        package internal(set) var adjusted: Credits
        /// Cash paid back.
        package internal(set) var refunded: Dollars

        /// What went, by reason.
        package init(
            expired: Credits = .zero, revoked: Credits = .zero, adjusted: Credits = .zero, refunded: Dollars = .zero
        ) {
            self.expired = expired
            self.revoked = revoked
            self.adjusted = adjusted
            self.refunded = refunded
        }

        /// Credits that went.
        package var total: Credits { expired + revoked + adjusted }
    }
}

/// Where a lot comes from.
package enum LotOrigin: String, Sendable, CaseIterable {
    case package
    case topup
    case promo
    case slaCredit = "sla_credit"
    case adjustment
    case creditLine = "credit_line"

    /// True for credits that somebody has: a correction does not take what is only lent.
    package var isOwned: Bool {
        switch self {
        case .package, .topup, .promo, .slaCredit, .adjustment: true
        case .creditLine: false
        }
    }

    /// The place in the order of drawing: gifts first, the credit line last.
    package var priority: Int {
        switch self {
        case .promo: 10
        case .slaCredit: 15
        case .adjustment: 20
        case .package, .topup: 50
        case .creditLine: 90
        }
    }

    /// How long credits can be used that were frozen when their lot expired and came back later; nil for lots that do
    /// not expire. What a credit line had left at its month's end is gone at once.
    package var graceMilliseconds: Int64? {
        switch self {
        case .promo, .slaCredit: Limits.expiryGraceMilliseconds
        case .creditLine: 0
        case .package, .topup, .adjustment: nil
        }
    }

    /// True for gifts that an operator may grant without a payment.
    package var isGift: Bool {
        switch self {
        case .promo, .slaCredit: true
        case .package, .topup, .adjustment, .creditLine: false
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
