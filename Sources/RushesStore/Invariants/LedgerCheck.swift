package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Recomputes a wallet's chain behind a transaction, a page at a time: numbers, hashes, running balances, and the
    /// accounts that each kind touches. From 0 this is the whole chain with its lots, and its end is compared with the
    /// wallet's row. The rules are those of `LedgerWalk`.
    ///
    /// - Parameter sequence: a transaction that was checked before, or 0.
    package func violations(
        ofLedgerOf organization: OrganizationID, after sequence: Int = 0
    ) throws(DatabaseError) -> [InvariantViolation] {
        guard let wallet = try wallet(organization) else { return [] }
        let before = try storedLinks(of: organization, after: sequence - 1, upTo: sequence).first
        var check = LedgerCheck(organization, behind: before?.link)
        while check.violations.count < 100 {
            // The next number that exists: where one is missing, the walk says so and goes on behind it.
            guard let first = try firstNumber(of: organization, after: check.end.sequence) else { break }
            for link in try storedLinks(of: organization, after: first - 1, upTo: first &+ 499) { check.take(link) }
        }
        check.compare(with: wallet)
        if try hasStrayLines(of: organization, last: check.end.sequence) { check.foundStrayLines() }
        return check.violations
    }

    private func firstNumber(of organization: OrganizationID, after sequence: Int) throws(DatabaseError) -> Int? {
        try query(
            "SELECT seq FROM ledger_transaction WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT 1",
            [.text(organization.rawValue), .int(sequence)]
        ).first?.int(0)
    }
}

/// Follows one wallet's rows: the walk of the chain, and what only rows can have wrong.
private struct LedgerCheck {
    private let organization: OrganizationID
    private var walk: LedgerWalk
    private(set) var violations: [InvariantViolation] = []

    /// A check that goes on behind a link, or begins a chain.
    init(_ organization: OrganizationID, behind link: LedgerLink?) {
        self.organization = organization
        walk = link.map { LedgerWalk(behind: $0, hash: sha256Hex) } ?? LedgerWalk(organization, hash: sha256Hex)
    }

    var end: LedgerEnd { walk.end }

    mutating func take(_ stored: StoredLink) {
        let link = stored.link
        var defects = walk.take(link)
        if stored.entryCount != link.lines.count || stored.lineNumbers != Array(1...max(1, link.lines.count)) {
            let detail = "its header counts \(stored.entryCount) lines, its lines are \(stored.lineNumbers)"
            defects.append(LedgerDefect(.chainUnbroken, at: link.sequence, detail))
        }
        if LedgerTransaction.Kind(rawValue: link.kind) == nil {
            defects.append(LedgerDefect(.kindTouchesItsAccounts, at: link.sequence, "\(link.kind) is no kind"))
        }
        violations += defects.map(violation)
    }

    mutating func compare(with wallet: WalletRow) {
        let known = LedgerEnd(
            sequence: wallet.ledgerSequence, chainHead: wallet.chainHead, available: wallet.available,
            held: wallet.held)
        violations += walk.defects(comparedWith: known).map(violation)
    }

    mutating func foundStrayLines() {
        let defect = LedgerDefect(.sequenceWithoutGap, at: end.sequence &+ 1, "there are lines of no transaction")
        violations.append(violation(defect))
    }

    private func violation(_ defect: LedgerDefect) -> InvariantViolation {
        InvariantViolation(
            Invariant(defect.rule), "\(organization) transaction \(defect.sequence)", defect.detail)
    }
}

extension Invariant {
    /// The invariant that a rule of the ledger belongs to.
    fileprivate init(_ rule: LedgerDefect.Rule) {
        switch rule {
        case .sequenceWithoutGap: self = .sequenceWithoutGap
        case .chainUnbroken: self = .chainUnbroken
        case .transactionBalanced: self = .transactionBalanced
        case .runningBalance: self = .runningBalance
        case .kindTouchesItsAccounts: self = .kindTouchesItsAccounts
        case .lotIsConserved: self = .lotIsConserved
        case .lotRecognizesExactly: self = .lotRecognizesExactly
        }
    }
}
