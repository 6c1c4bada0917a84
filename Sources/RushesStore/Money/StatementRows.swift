package import RushesCore
package import RushesDatabase

/// What a statement is made from, read on one snapshot: everything but the transactions themselves.
package struct StatementFrame: Sendable {
    /// Where the ledger stood before the month.
    package let opening: LedgerEnd
    /// Where it stood after the last transaction of the month.
    package let closing: LedgerEnd
    /// The last number of the wallet.
    package let lastSequence: Int
    /// Every lot as it is now, in the order of its grant.
    package let lots: [Lot]
    /// The snapshot's time.
    package let readAt: Timestamp
}

extension SQLReading {
    /// The month of a wallet's first transaction; nil before it.
    package func firstLedgerMonth(of organization: OrganizationID) throws(DatabaseError) -> CalendarMonth? {
        try query(
            "SELECT created_at FROM ledger_transaction WHERE organization_id = $1 ORDER BY seq LIMIT 1",
            [.text(organization.rawValue)]
        ).first.map { row throws(DatabaseError) in CalendarMonth(containing: try row.time(0)) }
    }

    /// Where a wallet's ledger stood at both ends of a month; nil for a wallet that does not exist.
    package func statementFrame(
        of organization: OrganizationID, in month: CalendarMonth
    ) throws(DatabaseError) -> StatementFrame? {
        guard let wallet = try wallet(organization) else { return nil }
        let last = wallet.ledgerSequence
        let before = try countOfTransactions(of: organization, before: month.start, last: last)
        let through = try countOfTransactions(of: organization, before: month.next.start, last: last)
        return StatementFrame(
            opening: try ledgerEnd(of: organization, at: before),
            closing: try ledgerEnd(of: organization, at: through), lastSequence: last,
            lots: try allLots(of: organization), readAt: now)
    }

    /// Where a wallet's ledger stood after a number.
    package func ledgerEnd(of organization: OrganizationID, at sequence: Int) throws(DatabaseError) -> LedgerEnd {
        if sequence == 0 {
            return LedgerEnd(sequence: 0, chainHead: LedgerChain.genesis, available: .zero, held: .zero)
        }
        let rows = try query(
            """
            SELECT available_after_micros, held_after_micros, hash FROM ledger_transaction
            WHERE organization_id = $1 AND seq = $2
            """, [.text(organization.rawValue), .int(sequence)])
        guard let row = rows.first else {
            throw DatabaseError(.decoding, "the ledger of \(organization) has no transaction \(sequence)")
        }
        return LedgerEnd(
            sequence: sequence, chainHead: try row.text(2), available: try row.credits(0), held: try row.credits(1))
    }

    /// How many transactions stand before the first one of a moment or later.
    ///
    /// There is no index on times, and numbers follow them: a search by halves over the primary key. Two transactions
    /// that wait for one wallet may have times in the other order, by less than `Statement.closingMilliseconds`; so the
    /// search looks for a place that is surely early enough, and from there a short range is read in order.
    func countOfTransactions(
        of organization: OrganizationID, before moment: Timestamp, last: Int
    ) throws(DatabaseError) -> Int {
        let surelyEarlier = moment.adding(milliseconds: -2 * Statement.closingMilliseconds)
        var (low, high) = (1, last + 1)
        while low < high {
            let middle = (low + high) / 2
            if try time(of: organization, at: middle) < surelyEarlier { low = middle + 1 } else { high = middle }
        }
        let rows = try query(
            """
            SELECT seq FROM ledger_transaction
            WHERE organization_id = $1 AND seq >= $2 AND seq <= $3 AND created_at >= $4 ORDER BY seq LIMIT 1
            """, [.text(organization.rawValue), .int(low), .int(last), .integer(moment.milliseconds)])
        return try rows.first.map { row throws(DatabaseError) in try row.int(0) - 1 } ?? last
    }

    private func time(of organization: OrganizationID, at sequence: Int) throws(DatabaseError) -> Timestamp {
        let rows = try query(
            "SELECT created_at FROM ledger_transaction WHERE organization_id = $1 AND seq = $2",
            [.text(organization.rawValue), .int(sequence)])
        guard let row = rows.first else {
            throw DatabaseError(.decoding, "the ledger of \(organization) has no transaction \(sequence)")
        }
        return try row.time(0)
    }
}
