extension Lot {
    /// The free credits of a lot that is past its date; answers how many went, or nil when nothing is to be done.
    package mutating func expire(at now: Timestamp) -> Credits? {
        guard let expiresAt, expiresAt <= now, available > .zero else { return nil }
        let amount = available
        leave(amount) { $0.expired += amount }
        return amount
    }

    /// Takes out what is free, before its date, because its credit line was lowered; nil when nothing is.
    package mutating func lower() -> Credits? {
        guard available > .zero else { return nil }
        let amount = available
        leave(amount) { $0.expired += amount }
        return amount
    }

    /// Takes free credits out by a correction; answers the cash that this recognizes, for nobody can spend them any
    /// more and nothing goes back for them.
    package mutating func adjust(out amount: Credits) -> Dollars {
        precondition(amount > .zero && amount <= available, "a correction takes what is free")
        let before = recognized
        leave(amount) { $0.adjusted += amount }
        return recognized - before
    }

    /// Takes back free credits that a part of the payment has bought, as far as there are any, rounded down; answers
    /// them, and the cash that waited for them.
    package mutating func takeBack(boughtFor part: Dollars) -> (credits: Credits, cash: Dollars) {
        precondition(part >= .zero && part <= paid, "no more is taken back than was paid")
        let credits = min(available, part.scaled(by: face, over: paid))
        return credits > .zero ? (credits, adjust(out: credits)) : (.zero, .zero)
    }

    /// Takes all free credits back against the cash that waits for them; answers both.
    ///
    /// - Throws: `RefundRefusal`.
    package mutating func refund() throws(RefundRefusal) -> (credits: Credits, cash: Dollars) {
        if held > .zero { throw .creditsAreHeld(held) }
        if available == .zero || deferred == .zero { throw .nothingLeft }
        let (credits, cash) = (available, deferred)
        leave(credits) { gone in
            gone.revoked += credits
            gone.refunded += cash
        }
        return (credits, cash)
    }
}

/// Why a purchase is not paid back; nothing was written.
package enum RefundRefusal: Error, Sendable, Equatable {
    /// Running batches hold credits of it: they may still be charged.
    case creditsAreHeld(Credits)
    /// Nothing of it is left.
    case nothingLeft
}
