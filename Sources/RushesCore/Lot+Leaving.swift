extension Lot {
    /// The free credits of a lot that is past its date; answers how many went, or nil when nothing is to be done.
    package mutating func expire(at now: Timestamp) -> Credits? {
        guard let expiresAt, expiresAt <= now, available > .zero else { return nil }
        let amount = available
        leave(amount) { $0.expired += amount }
        return amount
    }

    /// Its date has come, because its credit line was lowered: what is free goes as at the end of a month, and what
    /// comes back goes too.
    package mutating func end(at now: Timestamp) {
        if let date = expiresAt, date > now { expiresAt = now }
    }

    /// Takes free credits out by a correction; answers the cash that this recognizes, for nobody can spend them any
    /// more and nothing goes back for them.
    package mutating func adjust(out amount: Credits) -> Dollars {
        precondition(amount > .zero && amount <= available, "a correction takes what is free")
        let before = recognized
        leave(amount) { $0.adjusted += amount }
        return recognized - before
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
