package import RushesCore
package import RushesDatabase

private let lineColumns = "organization_id, limit_micros, changes, closed_month, closed_seq"

extension SQLReading {
    /// An organization's credit line.
    package func creditLine(of organization: OrganizationID) throws(DatabaseError) -> CreditLine? {
        try query(
            "SELECT \(lineColumns) FROM credit_line WHERE organization_id = $1", [.text(organization.rawValue)]
        ).first.map { row throws(DatabaseError) in
            CreditLine(
                organization: organization, limit: try row.credits(1), changes: try row.int(2),
                closedMonth: CalendarMonth(number: try row.int(3)), closedSequence: try row.int(4))
        }
    }

    /// Organizations that have a month to close, the longest due first.
    package func organizationsWithMonthsToClose(limit: Int) throws(DatabaseError) -> [OrganizationID] {
        try query(
            "SELECT organization_id FROM credit_line WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
            [.time(now), .int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, OrganizationIdentity.self) }
    }

    /// What was granted of a credit line and has neither expired nor been paid: free, frozen, or used and not paid. An
    /// invoice that is void is asked for no more.
    ///
    /// It reads a few rows for each month of the line: what was bought or given, however often, costs nothing here.
    package func owed(byCreditLineOf organization: OrganizationID) throws(DatabaseError) -> Credits {
        let rows = try query(
            """
            SELECT CAST(COALESCE((SELECT SUM(face_micros - expired_micros) FROM lot
                WHERE organization_id = $1 AND origin = 'credit_line'), 0)
              - COALESCE((SELECT SUM(net_micros) FROM invoice
                WHERE organization_id = $1 AND month IS NOT NULL AND kind = 'invoice'
                  AND state IN ('paid', 'void')), 0) AS BIGINT)
            """, [.text(organization.rawValue)])
        return try rows[0].credits(0)
    }

    /// What postings captured of an organization's credit line, behind a transaction up to another one: the database
    /// adds up, some thousand postings in each statement, so that no month is too large for it.
    package func creditLineUses(
        of organization: OrganizationID, after first: Int, through last: Int,
        transactionsPerSum: Int = Limits.transactionsPerSumMax
    ) throws(DatabaseError) -> [CreditLineUse] {
        var (uses, place): ([CreditLineUse], Int) = ([], first)
        while place < last {
            let end = min(last, place + transactionsPerSum)
            uses = try CreditLineUse.sums(uses + sums(ofCreditLineOf: organization, after: place, through: end))
            place = end
        }
        return uses
    }

    /// A row for each model and price, whatever the number of postings. A posting is one of a batch, so the least of
    /// its models and prices is the only one.
    private func sums(
        ofCreditLineOf organization: OrganizationID, after first: Int, through last: Int
    ) throws(DatabaseError) -> [CreditLineUse] {
        try query(
            """
            SELECT model, price, CAST(SUM(captured / price) AS BIGINT),
              COUNT(CASE WHEN captured % price > 0 THEN 1 END), CAST(SUM(captured) AS BIGINT)
            FROM (
              SELECT MIN(b.model) AS model, MIN(b.unit_price_micros) AS price,
                CAST(-SUM(e.amount_micros) AS BIGINT) AS captured
              FROM ledger_transaction t CROSS JOIN credit_ledger e CROSS JOIN lot l CROSS JOIN batch b
              WHERE t.organization_id = $1 AND t.seq > $2 AND t.seq <= $3 AND t.kind IN ('settle', 'finalize')
                AND e.organization_id = t.organization_id AND e.seq = t.seq + 0 AND l.id = substr(e.account, 5, 30)
                AND b.id = t.batch_id AND substr(e.account, 1, 4) = 'lot:' AND l.origin = 'credit_line'
                AND l.organization_id = t.organization_id
              GROUP BY t.seq) posting
            WHERE captured > 0 GROUP BY model, price
            """, [.text(organization.rawValue), .int(first), .int(last)]
        ).map { row throws(DatabaseError) in
            CreditLineUse(
                model: try row.text(0), unitPrice: try row.credits(1), whole: try row.int(2), begun: try row.int(3),
                captured: try row.credits(4))
        }
    }
}

extension SQLTransaction {
    /// Opens an organization's credit line, or sets its limit; what is free beyond it goes, what it has more is
    /// granted. The wallet is locked.
    package func setCreditLine(
        of wallet: inout WalletRow, limit: Credits, reason: String, by name: String, ids: any IDSource
    ) throws(DatabaseError) -> CreditLine {
        let organization = wallet.organization
        var line: CreditLine
        if let found = try creditLine(of: organization) {
            line = found
            line.set(limit: limit)
        } else {
            line = CreditLine(opening: organization, limit: limit, at: now, sequence: wallet.ledgerSequence)
        }
        try execute(
            """
            INSERT INTO credit_line (\(lineColumns), due_at, reason, changed_by, changed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (organization_id) DO UPDATE SET limit_micros = excluded.limit_micros,
              changes = excluded.changes, reason = excluded.reason, changed_by = excluded.changed_by,
              changed_at = excluded.changed_at
            """,
            [
                .text(organization.rawValue), .integer(line.limit.micros), .int(line.changes),
                .int(line.closedMonth.number), .int(line.closedSequence), .time(line.dueAt), .text(reason),
                .text(name), .time(now),
            ])
        try keepWithin(line, cause: "\(line.changes)", of: &wallet, ids: ids)
        return line
    }

    /// What a batch gives back to a credit line that was lowered meanwhile goes where it is beyond the limit; the
    /// wallet is locked.
    func keepCreditLineWithin(
        after posting: String, of wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) {
        guard let line = try creditLine(of: wallet.organization) else { return }
        try keepWithin(line, cause: posting, of: &wallet, ids: ids)
    }

    private func keepWithin(
        _ line: CreditLine, cause: String, of wallet: inout WalletRow, ids: any IDSource
    ) throws(DatabaseError) {
        if try owed(byCreditLineOf: line.organization) > line.limit { try lower(cause, of: &wallet, ids: ids) }
        try open(line, of: &wallet, ids: ids)
    }

    /// Grants what a locked wallet's credit line has room for, until the end of this month; nothing without a line.
    func openCreditLine(of wallet: inout WalletRow, ids: any IDSource) throws(DatabaseError) {
        if let line = try creditLine(of: wallet.organization) { try open(line, of: &wallet, ids: ids) }
    }

    private func open(_ line: CreditLine, of wallet: inout WalletRow, ids: any IDSource) throws(DatabaseError) {
        let room = line.room(owed: try owed(byCreditLineOf: line.organization))
        if room == .zero { return }
        let lot = try add(
            to: &wallet, granting: room, paid: .zero, origin: .creditLine, id: ids.next(LotIdentity.self),
            expiresAt: CalendarMonth(containing: now).next.start)
        _ = try post(LedgerTransaction.creditLine(granting: lot), to: &wallet, ids: ids)
    }

    private func lower(_ cause: String, of wallet: inout WalletRow, ids: any IDSource) throws(DatabaseError) {
        for var lot in try freeLotsOfCreditLine(of: wallet.organization) {
            guard let amount = lot.lower() else { continue }
            try save([lot])
            wallet.available -= amount
            _ = try post(
                LedgerTransaction.lowering(of: lot.id, cause: cause, amount), to: &wallet, ids: ids)
        }
    }

    /// Also those past their date that are not posted as expired yet: they count as granted until then.
    private func freeLotsOfCreditLine(of organization: OrganizationID) throws(DatabaseError) -> [Lot] {
        try query(
            """
            SELECT \(lotColumns) FROM lot
            WHERE organization_id = $1 AND origin = 'credit_line' AND available_micros > 0 ORDER BY sequence
            """, [.text(organization.rawValue)]
        ).map { row throws(DatabaseError) in try row.lot() }
    }
}
