/// A place where a wallet's ledger is not what it has to be.
package struct LedgerDefect: Error, Sendable, Equatable, CustomStringConvertible {
    /// What does not hold there.
    package enum Rule: String, Sendable, CaseIterable {
        /// Numbers run from 1 without a gap up to the last one known elsewhere.
        case sequenceWithoutGap
        /// Each hash is that of the canonical bytes and names the hash before it.
        case chainUnbroken
        /// Lines sum to zero in each unit.
        case transactionBalanced
        /// The balances after a transaction follow from those before it and its lines.
        case runningBalance
        /// A kind has lines of its own accounts only.
        case kindTouchesItsAccounts
        /// Every credit of a lot is in one place.
        case lotIsConserved
        /// Cash that waits for a lot is what was paid less what its captured credits recognize.
        case lotRecognizesExactly
    }

    /// What does not hold.
    package let rule: Rule
    /// The first number at which it does not hold.
    package let sequence: Int
    /// The figures that disagree.
    package let detail: String

    /// A defect from its parts.
    package init(_ rule: Rule, at sequence: Int, _ detail: String) {
        self.rule = rule
        self.sequence = sequence
        self.detail = detail
    }

    package var description: String { "transaction \(sequence): \(detail)" }
}

/// Where a ledger stands at some number, as a wallet's row, the end of an export or a statement says it.
package struct LedgerEnd: Sendable, Equatable {
    /// The last number; 0 before the first transaction.
    package let sequence: Int
    /// The last hash.
    package let chainHead: String
    /// Free credits.
    package let available: Credits
    /// Frozen credits.
    package let held: Credits
    /// Lots with their balances; nil where they are not known.
    package let lots: [LotID: LotBalances]?

    /// An end from its parts.
    package init(
        sequence: Int, chainHead: String, available: Credits, held: Credits, lots: [LotID: LotBalances]? = nil
    ) {
        self.sequence = sequence
        self.chainHead = chainHead
        self.available = available
        self.held = held
        self.lots = lots
    }
}

/// Follows one wallet's chain from transaction to transaction and says what does not hold: the one place for the rules
/// that `rushes check` and `rushes ledger verify` apply.
package struct LedgerWalk: Sendable {
    private let organization: OrganizationID
    private let hash: @Sendable ([UInt8]) -> String
    /// Where the walk has come to.
    package private(set) var end: LedgerEnd
    /// The lots so far; nil for a walk that began behind the first transaction.
    package private(set) var tally: LotTally?

    /// A walk from the first transaction on; Core has no SHA-256, so `hash` gives it in lower-case hexadecimal.
    package init(_ organization: OrganizationID, hash: @escaping @Sendable ([UInt8]) -> String) {
        self.organization = organization
        self.hash = hash
        end = LedgerEnd(sequence: 0, chainHead: LedgerChain.genesis, available: .zero, held: .zero)
        tally = LotTally()
    }

    /// A walk that goes on behind a transaction that was checked before; it does not know the lots.
    package init(behind link: LedgerLink, hash: @escaping @Sendable ([UInt8]) -> String) {
        organization = link.position.organization
        self.hash = hash
        end = LedgerEnd(link)
    }

    /// Follows the next transaction; answers what does not hold there, nothing when all does.
    package mutating func take(_ link: LedgerLink) -> [LedgerDefect] {
        var defects: [LedgerDefect] = []
        // Whatever stands here, the number that should is the first at which something is wrong.
        let place = end.sequence &+ 1
        func expect(_ rule: LedgerDefect.Rule, _ holds: Bool, _ detail: @autoclosure () -> String) {
            if !holds { defects.append(LedgerDefect(rule, at: place, detail())) }
        }
        expect(
            .sequenceWithoutGap, link.sequence == place, "number \(link.sequence) stands where \(place) has to")
        expect(
            .chainUnbroken, link.position.organization == organization,
            "belongs to \(link.position.organization), the ledger to \(organization)")
        expect(
            .chainUnbroken, link.position.previousHash == end.chainHead,
            "names \(link.position.previousHash) as the hash before it, which is \(end.chainHead)")
        let computed = hash(link.canonicalBytes)
        expect(.chainUnbroken, computed == link.hash, "its hash is \(link.hash), its bytes give \(computed)")
        checkAmounts(link, expect)
        for lot in (tally?.take(link.lines) ?? []).sorted() {
            if let defect = tally?.defect(of: lot) { expect(defect.rule, false, defect.detail) }
        }
        end = LedgerEnd(link)
        return defects
    }

    private func checkAmounts(
        _ link: LedgerLink, _ expect: (LedgerDefect.Rule, Bool, @autoclosure () -> String) -> Void
    ) {
        var sums: [String: Int128] = [:]
        var available = Int128(end.available.micros)
        var held = Int128(end.held.micros)
        for line in link.lines {
            let amount = Int128(line.amountMicros)
            sums[line.unit, default: 0] += amount
            switch line.place {
            case .available: available += amount
            case .held: held += amount
            case .deferred, .outside, .cash: break
            }
        }
        let isBalanced = !link.lines.isEmpty && sums.values.allSatisfy { $0 == 0 }
        expect(.transactionBalanced, isBalanced, "its lines sum to \(sums.map { "\($0.value) \($0.key)" }.sorted())")
        let position = link.position
        expect(
            .runningBalance,
            Int128(position.availableAfter.micros) == available && Int128(position.heldAfter.micros) == held,
            "says \(position.availableAfter.micros) and \(position.heldAfter.micros) after it, its lines give "
                + "\(available) and \(held)")
        // A kind that this version does not know has no rule here; its bytes are under the hash all the same.
        guard let allowed = LedgerTransaction.Kind(rawValue: link.kind)?.accountKinds else { return }
        let touched = Set(link.lines.map(\.accountKind))
        expect(.kindTouchesItsAccounts, touched.isSubset(of: allowed), "\(link.kind) touches \(touched.sorted())")
    }
}

extension LedgerWalk {
    /// What does not agree with where the ledger is said to end.
    package func defects(comparedWith known: LedgerEnd) -> [LedgerDefect] {
        if end.sequence != known.sequence {
            let detail = "the ledger ends at \(end.sequence), it has to end at \(known.sequence)"
            return [LedgerDefect(.sequenceWithoutGap, at: min(end.sequence, known.sequence) &+ 1, detail)]
        }
        var defects: [LedgerDefect] = []
        if end.chainHead != known.chainHead {
            let detail = "the chain ends with \(end.chainHead), it has to end with \(known.chainHead)"
            defects.append(LedgerDefect(.sequenceWithoutGap, at: end.sequence, detail))
        }
        if end.available != known.available || end.held != known.held {
            let detail =
                "the ledger ends with \(end.available.micros) and \(end.held.micros), it has to end with "
                + "\(known.available.micros) and \(known.held.micros)"
            defects.append(LedgerDefect(.runningBalance, at: end.sequence, detail))
        }
        return defects + lotDefects(known.lots)
    }

    private func lotDefects(_ known: [LotID: LotBalances]?) -> [LedgerDefect] {
        guard let known, let lots = tally?.lots else { return [] }
        return known.sorted { $0.key < $1.key }.compactMap { id, balances in
            let found = lots[id] ?? LotBalances()
            if found == balances { return nil }
            let detail = "\(id) has \(found.figures) by its lines, it has to have \(balances.figures)"
            return LedgerDefect(.lotIsConserved, at: end.sequence, detail)
        }
    }
}

extension LedgerEnd {
    /// Where a ledger stands after a transaction, as that says itself.
    fileprivate init(_ link: LedgerLink) {
        self.init(
            sequence: link.sequence, chainHead: link.hash, available: link.position.availableAfter,
            held: link.position.heldAfter)
    }
}
