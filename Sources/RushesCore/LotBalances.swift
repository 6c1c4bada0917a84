/// What a lot granted and where its credits are at some number of the ledger.
package struct LotBalances: Sendable, Equatable {
    /// Cash received for it.
    package var paid = Dollars.zero
    /// Credits granted.
    package var face = Credits.zero
    /// Free credits.
    package var available = Credits.zero
    /// Frozen credits.
    package var held = Credits.zero
    /// Credits charged for delivered videos.
    package var captured = Credits.zero
    /// Credits that ran out.
    package var expired = Credits.zero
    /// Credits taken back against cash.
    package var revoked = Credits.zero
    /// Credits taken away by a correction.
    package var adjusted = Credits.zero

    /// Cash paid back for what was revoked.
    package var refunded = Dollars.zero

    /// A lot before its grant.
    package init() {}

    /// The balances of a lot's row.
    package init(_ lot: Lot) {
        paid = lot.paid
        face = lot.face
        available = lot.available
        held = lot.held
        captured = lot.captured
        expired = lot.gone.expired
        revoked = lot.gone.revoked
        adjusted = lot.gone.adjusted
        refunded = lot.gone.refunded
    }

    /// Balances from their parts.
    package init(
        paid: Dollars, face: Credits, available: Credits, held: Credits, captured: Credits, expired: Credits,
        revoked: Credits, adjusted: Credits, refunded: Dollars
    ) {
        self.paid = paid
        self.face = face
        self.available = available
        self.held = held
        self.captured = captured
        self.expired = expired
        self.revoked = revoked
        self.adjusted = adjusted
        self.refunded = refunded
    }

    /// Every credit of the face is in one place, and no place has less than nothing.
    package var isConserved: Bool {
        let places = [available, held, captured, expired, revoked, adjusted]
        return places.reduce(Int128(0)) { $0 + Int128($1.micros) } == Int128(face.micros)
            && places.allSatisfy { $0 >= .zero } && min(paid, refunded) >= .zero
    }

    /// Cash that waits for its credits, as its row says it (`Lot.deferred`); nil for figures that no lot has.
    package var deferred: Dollars? {
        guard isConserved, face > .zero else { return nil }
        return paid - (captured + adjusted).scaled(by: paid, over: face) - refunded
    }
}

/// A lot as it stands at some number of the ledger.
package struct LotStanding: Sendable, Equatable {
    /// The lot.
    package let id: LotID
    /// Where it comes from.
    package let origin: LotOrigin
    /// Its balances there.
    package let balances: LotBalances

    /// A lot from its parts.
    package init(id: LotID, origin: LotOrigin, balances: LotBalances) {
        self.id = id
        self.origin = origin
        self.balances = balances
    }
}
