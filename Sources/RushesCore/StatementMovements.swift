/// Sums of what moved a wallet's credits, by what happened. Forged figures wrap around; the statement's balance, which
/// is checked afterwards, finds them.
package struct StatementMovements: Sendable, Equatable {
    /// Credits of confirmed purchases.
    package private(set) var bought = Credits.zero
    /// Cash that was paid for them.
    package private(set) var paid = Dollars.zero
    /// Credits given away.
    package private(set) var granted = Credits.zero
    /// Corrections, with their sign.
    package private(set) var adjusted = Credits.zero
    /// Credits charged for delivered videos, by model.
    package private(set) var captured: [String: Credits] = [:]
    /// Credits that ran out.
    package private(set) var expired = Credits.zero
    /// Credits taken back against cash.
    package private(set) var revoked = Credits.zero
    /// Cash that was paid back for them.
    package private(set) var refunded = Dollars.zero
    /// Credits that new batches froze.
    package private(set) var holdsOpened = Credits.zero
    /// Frozen credits that came back.
    package private(set) var holdsReleased = Credits.zero
    /// Frozen credits that were charged.
    private var holdsCaptured = Credits.zero
    /// Lots that moved.
    package private(set) var lots: Set<LotID> = []

    /// Nothing that moved.
    package init() {}

    /// Credits charged for all models.
    package var capturedTotal: Credits {
        captured.values.reduce(into: .zero) { $0.wrap(adding: $1) }
    }

    /// Follows one transaction of the month: by its lines, and by its kind only as far as that tells grants apart.
    package mutating func take(_ link: LedgerLink) {
        var (held, charged) = (Int64(0), Int64(0))
        for line in link.lines {
            let amount = line.amountMicros
            switch line.place {
            case .available(let lot): lots.insert(lot)
            case .held(let lot):
                lots.insert(lot)
                held &+= amount
            case .outside("issuance", _): addGrant(Credits(micros: 0 &- amount), of: link)
            case .outside("consumed", let model):
                charged &+= amount
                captured[model, default: .zero].wrap(adding: Credits(micros: amount))
            case .outside("expired", _): expired.wrap(adding: Credits(micros: amount))
            case .outside("revoked", _):
                revoked.wrap(adding: Credits(micros: amount))
                refunded.wrap(adding: link.deferredCash)
            case .outside: adjusted.wrap(adding: Credits(micros: 0 &- amount))
            case .deferred, .cash: break
            }
        }
        if held > 0 {
            holdsOpened.wrap(adding: Credits(micros: held))
        } else if held < 0 {
            holdsCaptured.wrap(adding: Credits(micros: charged))
            holdsReleased.wrap(adding: Credits(micros: 0 &- held &- charged))
        }
    }

    /// Free and frozen credits at the end, from those at the beginning.
    package func closing(of opening: LedgerEnd) -> (available: Credits, held: Credits) {
        var held = opening.held
        for (change, sign) in [(holdsOpened, 1), (holdsReleased, -1), (holdsCaptured, -1)] {
            held.wrap(adding: Credits(micros: change.micros &* Int64(sign)))
        }
        var total = opening.available
        total.wrap(adding: opening.held)
        for change in [bought, granted, adjusted] { total.wrap(adding: change) }
        for change in [capturedTotal, expired, revoked, held] {
            total.wrap(adding: Credits(micros: 0 &- change.micros))
        }
        return (total, held)
    }

    private mutating func addGrant(_ amount: Credits, of link: LedgerLink) {
        switch link.kind {
        case "purchase":
            bought.wrap(adding: amount)
            paid.wrap(adding: Dollars(micros: 0 &- link.deferredCash.micros))
        case "grant", "credit_line": granted.wrap(adding: amount)
        // Kinds are text here; whatever else makes credits corrects something.
        default: adjusted.wrap(adding: amount)
        }
    }
}

extension LedgerLink {
    /// The sum of its lines of cash that waits for credits.
    fileprivate var deferredCash: Dollars {
        lines.reduce(into: .zero) { sum, line in
            if case .deferred = line.place { sum.wrap(adding: Dollars(micros: line.amountMicros)) }
        }
    }
}
