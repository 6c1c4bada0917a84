package import RushesCore
package import RushesDatabase

/// A ledger transaction with its lines as they stand in the rows, and what only rows have.
struct StoredLink {
    let link: LedgerLink
    /// How many lines its header says it has.
    let entryCount: Int
    /// The numbers of its lines.
    let lineNumbers: [Int]
}

extension SQLReading {
    /// Transactions of a wallet with all their lines in order, behind a number and up to one, at most `limit`.
    package func ledgerLinks(
        of organization: OrganizationID, after sequence: Int, upTo last: Int, limit: Int
    ) throws(DatabaseError) -> [LedgerLink] {
        try storedLinks(of: organization, after: sequence, upTo: min(last, sequence + limit)).map(\.link)
    }

    /// Transactions behind a number and up to one; lines of numbers between them that have no header are left out.
    func storedLinks(
        of organization: OrganizationID, after sequence: Int, upTo last: Int
    ) throws(DatabaseError) -> [StoredLink] {
        let headers = try query(
            """
            SELECT \(transactionColumns), t.entry_count FROM ledger_transaction t
            WHERE t.organization_id = $1 AND t.seq > $2 AND t.seq <= $3 ORDER BY t.seq
            """, [.text(organization.rawValue), .int(sequence), .int(last)])
        if headers.isEmpty { return [] }
        var lines: [Int: [(number: Int, line: LedgerLine)]] = [:]
        for row in try query(
            """
            SELECT seq, line, account, unit, amount_micros FROM credit_ledger
            WHERE organization_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq, line
            """, [.text(organization.rawValue), .int(sequence), .int(last)])
        {
            let line = LedgerLine(account: try row.text(2), unit: try row.text(3), amountMicros: try row.integer(4))
            lines[try row.int(0), default: []].append((try row.int(1), line))
        }
        return try headers.map { row throws(DatabaseError) in
            let posted = try row.postedTransaction()
            let own = lines[posted.sequence] ?? []
            return StoredLink(
                link: posted.link(of: organization, own.map(\.line)), entryCount: try row.int(10),
                lineNumbers: own.map(\.number))
        }
    }

    /// Whether a wallet has lines that belong to no number from 1 to `last`.
    func hasStrayLines(of organization: OrganizationID, last: Int) throws(DatabaseError) -> Bool {
        let lines = "SELECT seq FROM credit_ledger WHERE organization_id = $1 AND"
        let behind = try query("\(lines) seq > $2 LIMIT 1", [.text(organization.rawValue), .int(last)])
        let before = try query("\(lines) seq < 1 LIMIT 1", [.text(organization.rawValue)])
        return !behind.isEmpty || !before.isEmpty
    }
}

extension PostedTransaction {
    func link(of organization: OrganizationID, _ lines: [LedgerLine]) -> LedgerLink {
        LedgerLink(
            position: LedgerPosition(
                organization: organization, transaction: id, sequence: sequence, createdAt: createdAt,
                availableAfter: availableAfter, heldAfter: heldAfter, previousHash: previousHash),
            kind: kind, reference: reference, batch: batch, lines: lines, hash: hash)
    }
}
