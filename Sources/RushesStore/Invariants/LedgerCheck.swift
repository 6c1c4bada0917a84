package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Recomputes a wallet's chain behind a transaction, a page at a time: numbers, hashes, running balances, and the
    /// accounts that each kind touches. From 0 this is the whole chain, and its end is compared with the wallet's row.
    ///
    /// - Parameter sequence: a transaction that was checked before, or 0.
    package func violations(
        ofLedgerOf organization: OrganizationID, after sequence: Int = 0
    ) throws(DatabaseError) -> [InvariantViolation] {
        guard let wallet = try wallet(organization) else { return [] }
        var check = LedgerCheck(organization, try links(of: organization, from: sequence, to: sequence).first)
        while check.violations.count < 100 {
            let first = check.sequence + 1
            let links = try links(of: organization, from: first, to: first + 499)
            if links.isEmpty { break }
            var lines = Dictionary(
                grouping: try lines(of: organization, from: first, to: links[links.count - 1].sequence), by: \.sequence)
            for link in links { check.take(link, lines.removeValue(forKey: link.sequence) ?? []) }
        }
        check.compare(with: wallet)
        return check.violations
    }

    private func links(
        of organization: OrganizationID, from first: Int, to last: Int
    ) throws(DatabaseError) -> [PostedTransaction] {
        try query(
            """
            SELECT \(transactionColumns) FROM ledger_transaction t
            WHERE t.organization_id = $1 AND t.seq >= $2 AND t.seq <= $3 ORDER BY t.seq
            """, [.text(organization.rawValue), .int(first), .int(last)]
        ).map { row throws(DatabaseError) in try row.postedTransaction() }
    }

    private func lines(
        of organization: OrganizationID, from first: Int, to last: Int
    ) throws(DatabaseError) -> [LedgerCheck.Line] {
        try query(
            """
            SELECT seq, account, unit, amount_micros FROM credit_ledger
            WHERE organization_id = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq, line
            """, [.text(organization.rawValue), .int(first), .int(last)]
        ).map { row throws(DatabaseError) in
            LedgerCheck.Line(
                sequence: try row.int(0), account: try row.text(1), unit: try row.text(2),
                amountMicros: try row.integer(3))
        }
    }
}

/// Follows one wallet's chain from link to link.
struct LedgerCheck {
    /// A line as it stands in the database.
    struct Line {
        let sequence: Int
        let account: String
        let unit: String
        let amountMicros: Int64
    }

    private let organization: OrganizationID
    private(set) var sequence: Int
    private var hash: String
    private var available: Int64
    private var held: Int64
    private(set) var violations: [InvariantViolation] = []

    /// A check that goes on behind a link, or begins a chain.
    init(_ organization: OrganizationID, _ last: PostedTransaction?) {
        self.organization = organization
        sequence = last?.sequence ?? 0
        hash = last?.hash ?? LedgerChain.genesis
        available = last?.availableAfter.micros ?? 0
        held = last?.heldAfter.micros ?? 0
    }

    mutating func take(_ link: PostedTransaction, _ lines: [Line]) {
        expect(.sequenceWithoutGap, link, link.sequence == sequence + 1, "after \(sequence)")
        expect(.chainUnbroken, link, link.previousHash == hash, "names \(link.previousHash), before it is \(hash)")
        let computed = sha256Hex(
            LedgerChain.canonicalBytes(
                LedgerPosition(
                    organization: organization, transaction: link.id, sequence: link.sequence,
                    createdAt: link.createdAt, availableAfter: link.availableAfter, heldAfter: link.heldAfter,
                    previousHash: link.previousHash),
                kind: link.kind, reference: link.reference, batch: link.batch,
                lines: lines.map { ($0.account, $0.unit, $0.amountMicros) }))
        expect(.chainUnbroken, link, computed == link.hash, "hash \(link.hash), its bytes give \(computed)")
        checkAmounts(link, lines)
        sequence = link.sequence
        hash = link.hash
        available = link.availableAfter.micros
        held = link.heldAfter.micros
    }

    mutating func compare(with wallet: WalletRow) {
        if wallet.ledgerSequence != sequence || wallet.chainHead != hash {
            violations.append(
                InvariantViolation(
                    .sequenceWithoutGap, organization.rawValue,
                    "the wallet names \(wallet.ledgerSequence) \(wallet.chainHead), "
                        + "the chain ends at \(sequence) \(hash)"
                ))
        }
        if wallet.available.micros != available || wallet.held.micros != held {
            violations.append(
                InvariantViolation(
                    .runningBalance, organization.rawValue,
                    "the wallet has \(wallet.available.micros) and \(wallet.held.micros), the chain ends with "
                        + "\(available) and \(held)"))
        }
    }

    private mutating func checkAmounts(_ link: PostedTransaction, _ lines: [Line]) {
        var sums: [String: Int64] = [:]
        var free: Int64 = 0
        var frozen: Int64 = 0
        var kinds: Set<String> = []
        for line in lines {
            sums[line.unit, default: 0] += line.amountMicros
            if line.isOfLot(":available") { free += line.amountMicros }
            if line.isOfLot(":held") { frozen += line.amountMicros }
            kinds.insert(line.accountKind)
        }
        expect(
            .transactionBalanced, link, !lines.isEmpty && sums.values.allSatisfy { $0 == 0 }, "sums \(sums)")
        expect(
            .runningBalance, link,
            link.availableAfter.micros == available + free && link.heldAfter.micros == held + frozen,
            "after \(link.availableAfter.micros), \(link.heldAfter.micros), before \(available), \(held), "
                + "lines \(free), \(frozen)")
        let allowed = LedgerTransaction.Kind(rawValue: link.kind)?.accountKinds ?? []
        expect(.kindTouchesItsAccounts, link, kinds.isSubset(of: allowed), "\(link.kind) touches \(kinds.sorted())")
    }

    private mutating func expect(
        _ invariant: Invariant, _ link: PostedTransaction, _ holds: Bool, _ detail: String
    ) {
        if holds { return }
        violations.append(
            InvariantViolation(invariant, "\(organization) transaction \(link.sequence)", detail))
    }
}

extension LedgerCheck.Line {
    fileprivate func isOfLot(_ suffix: String) -> Bool { account.hasPrefix("lot:") && account.hasSuffix(suffix) }

    /// The account's name without the lot or model in it.
    fileprivate var accountKind: String {
        let parts = account.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 3 ? "\(parts[0]):\(parts[2])" : String(parts[0])
    }
}

extension LedgerTransaction.Kind {
    fileprivate var accountKinds: Set<String> {
        switch self {
        case .purchase: ["issuance", "lot:available", "cash", "deferred"]
        case .grant: ["issuance", "lot:available"]
        case .adjustment: ["issuance", "lot:available", "adjust", "deferred", "breakage"]
        case .expiry: ["lot:available", "expired"]
        case .refund: ["lot:available", "revoked", "deferred", "cash"]
        case .freeze: ["lot:available", "lot:held"]
        case .settle, .finalize: ["lot:available", "lot:held", "consumed", "deferred", "revenue"]
        }
    }
}
