package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Attempts dispatched in a time, alike ones together.
    package func attemptGroups(from start: Timestamp, to end: Timestamp) throws(DatabaseError) -> [MarginReport
        .Attempts]
    {
        try query(
            """
            SELECT a.started_at / 86400000, b.organization_id, b.model, a.outcome, a.cost_micros,
              a.is_billed_on_failure, CASE WHEN t.state = 'succeeded' THEN 1 ELSE 0 END,
              CASE WHEN c.provider IS NULL THEN 0 ELSE 1 END, COUNT(*), CAST(COALESCE(SUM(c.amount_micros), 0) AS BIGINT)
            FROM attempt a INNER JOIN task t ON t.id = a.task_id INNER JOIN batch b ON b.id = t.batch_id
              LEFT JOIN provider_charge c ON c.task_id = a.task_id AND c.attempt_number = a.number
            WHERE a.started_at >= $1 AND a.started_at < $2
            GROUP BY 1, b.organization_id, b.model, a.outcome, a.cost_micros, a.is_billed_on_failure, 7, 8
            """, [.time(start), .time(end)]
        ).map { row throws(DatabaseError) in
            MarginReport.Attempts(
                subject: MarginReport.Subject(
                    day: try row.int(0), organization: try row.id(1, OrganizationIdentity.self),
                    model: try row.text(2)),
                outcome: try row.value(3, Attempt.Outcome.self), price: try row.generationPrice(4, 5),
                areCharged: try row.int(6) == 1, count: try row.int(8),
                billed: try row.int(7) == 1 ? try row.dollars(9) : nil)
        }
    }

    /// Cash that one organization's postings recognized in a time, by day and model.
    package func revenue(
        of organization: OrganizationID, from start: Timestamp, to end: Timestamp
    ) throws(DatabaseError) -> [(subject: MarginReport.Subject, amount: Dollars)] {
        guard let last = try wallet(organization)?.ledgerSequence else { return [] }
        let before = try countOfTransactions(of: organization, before: start, last: last)
        let through = try countOfTransactions(of: organization, before: end, last: last)
        let prefix = LedgerAccount.revenue(model: "").name
        return try query(
            """
            SELECT t.created_at / 86400000, e.account, CAST(SUM(e.amount_micros) AS BIGINT)
            FROM ledger_transaction t CROSS JOIN credit_ledger e
            WHERE t.organization_id = $1 AND t.seq > $2 AND t.seq <= $3
              AND e.organization_id = t.organization_id AND e.seq = t.seq + 0 AND e.unit = 'uUSD'
              AND substr(e.account, 1, \(prefix.count)) = '\(prefix)'
            GROUP BY 1, e.account
            """, [.text(organization.rawValue), .int(before), .int(through)]
        ).map { row throws(DatabaseError) in
            let subject = MarginReport.Subject(
                day: try row.int(0), organization: organization, model: String(try row.text(1).dropFirst(prefix.count)))
            return (subject, Dollars(micros: -(try row.integer(2))))
        }
    }

    /// Identifiers of organizations after one of them, in order.
    package func organizationIDs(after id: String, limit: Int) throws(DatabaseError) -> [OrganizationID] {
        try query("SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2", [.text(id), .int(limit)])
            .map { row throws(DatabaseError) in try row.id(0, OrganizationIdentity.self) }
    }
}
