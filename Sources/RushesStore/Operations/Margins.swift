package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Attempts dispatched in a time, from the first moment of a day to that of another one, alike ones together.
    package func attemptGroups(from start: Timestamp, to end: Timestamp) throws(DatabaseError) -> [MarginReport
        .Attempts]
    {
        // In one statement: an attempt that is being removed is in one of the two.
        try query(
            """
            SELECT day, organization_id, model, outcome, CASE WHEN cost_micros >= 0 THEN cost_micros END,
              is_billed_on_failure, are_charged, is_billed, attempts, billed_micros
            FROM (SELECT \(Self.attemptSumColumns), COUNT(*) AS attempts,
                CAST(COALESCE(SUM(c.amount_micros), 0) AS BIGINT) AS billed_micros
              \(Self.attemptsWithBills)
              WHERE a.started_at >= $1 AND a.started_at < $2 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
              UNION ALL SELECT day, organization_id, model, outcome, cost_micros, is_billed_on_failure, are_charged,
                is_billed, attempts, billed_micros
              FROM attempt_sum WHERE day >= $3 AND day < $4) AS found
            """,
            [
                .time(start), .time(end), .integer(start.milliseconds / 86_400_000),
                .integer(end.milliseconds / 86_400_000),
            ]
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

    /// What makes attempts alike: the first columns of `attempt_sum`.
    static var attemptSumColumns: String {
        """
        a.started_at / 86400000 AS day, b.organization_id AS organization_id, b.model AS model,
          a.outcome AS outcome, COALESCE(a.cost_micros, -1) AS cost_micros,
          a.is_billed_on_failure AS is_billed_on_failure,
          CASE WHEN t.state = 'succeeded' THEN 1 ELSE 0 END AS are_charged,
          CASE WHEN c.provider IS NULL THEN 0 ELSE 1 END AS is_billed
        """
    }

    /// Attempts with their tasks and batches, and with their lines of bills.
    static var attemptsWithBills: String {
        """
        FROM attempt a INNER JOIN task t ON t.id = a.task_id INNER JOIN batch b ON b.id = t.batch_id
          LEFT JOIN provider_charge c ON c.task_id = a.task_id AND c.attempt_number = a.number
        """
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

    /// Cash that banks took back of one organization's payments and nothing was taken for, in a time, by day.
    package func disputeLosses(
        of organization: OrganizationID, from start: Timestamp, to end: Timestamp
    ) throws(DatabaseError) -> [(subject: MarginReport.Subject, amount: Dollars)] {
        try query(
            """
            SELECT closed_at / 86400000, CAST(SUM(loss_micros) AS BIGINT) FROM dispute
            WHERE organization_id = $1 AND state = 'charged_back' AND closed_at >= $2 AND closed_at < $3
            GROUP BY 1 HAVING SUM(loss_micros) > 0
            """, [.text(organization.rawValue), .time(start), .time(end)]
        ).map { row throws(DatabaseError) in
            (
                MarginReport.Subject(day: try row.int(0), organization: organization, model: ""),
                Dollars(micros: try row.integer(1))
            )
        }
    }

    /// Identifiers of organizations after one of them, in order.
    package func organizationIDs(after id: String, limit: Int) throws(DatabaseError) -> [OrganizationID] {
        try query("SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2", [.text(id), .int(limit)])
            .map { row throws(DatabaseError) in try row.id(0, OrganizationIdentity.self) }
    }
}
