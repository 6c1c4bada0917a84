/// The lots of one wallet, followed from ledger transaction to ledger transaction by the lines alone.
///
/// Credits leave or enter a lot against one account outside of lots, and its name says what became of them; so kinds
/// of transactions that come later are followed too. Figures that somebody forged wrap around instead of trapping:
/// they are found by the checks that follow.
package struct LotTally: Sendable {
    /// The balances of each lot that had a line.
    package private(set) var lots: [LotID: LotBalances] = [:]
    /// The balance of each lot's cash account, at or below zero.
    private var deferred: [LotID: Int64] = [:]
    /// Credits that left a lot for nowhere; always zero in an honest ledger.
    private var lost: [LotID: Int64] = [:]

    /// A wallet before its first transaction, or with the lots as they are at some number.
    package init(_ lots: [LotID: LotBalances] = [:]) {
        self.lots = lots
    }

    /// Follows one transaction, or takes it back when the tally goes against the order; answers the lots that moved.
    @discardableResult
    package mutating func take(_ lines: [LedgerLine], backwards: Bool = false) -> Set<LotID> {
        let outside = Self.outside(lines)
        var moves: [LotID: Move] = [:]
        for line in lines {
            let amount = backwards ? 0 &- line.amountMicros : line.amountMicros
            switch line.place {
            case .available(let lot): moves[lot, default: Move()].available &+= amount
            case .held(let lot): moves[lot, default: Move()].held &+= amount
            case .deferred(let lot): moves[lot, default: Move()].deferred &+= amount
            case .outside, .cash: break
            }
        }
        for (lot, move) in moves { apply(move, to: lot, against: outside) }
        return Set(moves.keys)
    }

    /// What is wrong with a lot; nil when its credits are somewhere and its cash is what they say.
    package func defect(of id: LotID) -> (rule: LedgerDefect.Rule, detail: String)? {
        let lot = lots[id] ?? LotBalances()
        if !lot.isConserved || lost[id, default: 0] != 0 {
            return (.lotIsConserved, "\(id) \(lot.figures), to no account \(lost[id, default: 0])")
        }
        guard let expected = lot.deferred else { return (.lotIsConserved, "\(id) \(lot.figures)") }
        let found = deferred[id, default: 0]
        if 0 &- found == expected.micros { return nil }
        return (.lotRecognizesExactly, "\(id) has \(found) waiting, its credits say \(-expected.micros)")
    }

    private struct Move {
        var available: Int64 = 0
        var held: Int64 = 0
        var deferred: Int64 = 0
    }

    /// The one account outside of lots that a transaction moves credits from or to; nil for none or for two.
    private static func outside(_ lines: [LedgerLine]) -> String? {
        var names: Set<String> = []
        for line in lines { if case .outside(let name, _) = line.place { names.insert(name) } }
        return names.count == 1 ? names.first : nil
    }

    private mutating func apply(_ move: Move, to id: LotID, against outside: String?) {
        var lot = lots[id] ?? LotBalances()
        lot.available.wrap(adding: Credits(micros: move.available))
        lot.held.wrap(adding: Credits(micros: move.held))
        deferred[id, default: 0] &+= move.deferred
        let left = 0 &- (move.available &+ move.held)
        switch outside {
        case "issuance":
            lot.face.wrap(adding: Credits(micros: 0 &- left))
            lot.paid.wrap(adding: Dollars(micros: 0 &- move.deferred))
        case "consumed": lot.captured.wrap(adding: Credits(micros: left))
        case "expired": lot.expired.wrap(adding: Credits(micros: left))
        case "adjust": lot.adjusted.wrap(adding: Credits(micros: left))
        case "revoked":
            lot.revoked.wrap(adding: Credits(micros: left))
            lot.refunded.wrap(adding: Dollars(micros: move.deferred))
        // Names are text. Credits that move within a lot have no account outside and lose nothing.
        default: lost[id, default: 0] &+= left
        }
        lots[id] = lot
    }
}

extension LotBalances {
    /// Its figures as a person compares them.
    package var figures: String {
        "face \(face.micros), available \(available.micros), held \(held.micros), captured \(captured.micros), "
            + "expired \(expired.micros), revoked \(revoked.micros), adjusted \(adjusted.micros), paid \(paid.micros), "
            + "refunded \(refunded.micros)"
    }
}
