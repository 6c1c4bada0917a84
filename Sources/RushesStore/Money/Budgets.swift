package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// The budgets of some subjects, each with what was used of it in the day or month of now.
    package func budgets(
        for subjects: [Budget.Subject], of organization: OrganizationID
    ) throws(DatabaseError) -> [Budget] {
        if subjects.isEmpty { return [] }
        let list = SQLList(subjects.map(\.text), from: 4)
        return try budgets("AND b.subject IN (\(list.places))", list.values, of: organization)
    }

    /// All budgets of an organization, in the order of their subjects, with what was used of each in the day or month
    /// of now.
    package func budgets(of organization: OrganizationID) throws(DatabaseError) -> [Budget] {
        try budgets("", [], of: organization)
    }

    private func budgets(
        _ condition: String, _ values: [SQLValue], of organization: OrganizationID
    ) throws(DatabaseError) -> [Budget] {
        let spans = Budget.Span.all(at: now)
        return try query(
            """
            SELECT b.subject, b.period, b.limit_micros, COALESCE(u.used_micros, 0) FROM budget b
            LEFT JOIN budget_use u ON u.organization_id = b.organization_id AND u.subject = b.subject
              AND u.period = b.period
              AND ((u.period = 'day' AND u.starts_at = $1) OR (u.period = 'month' AND u.starts_at = $2))
            WHERE b.organization_id = $3 \(condition) ORDER BY b.subject, b.period
            """,
            [.time(spans.day.startsAt), .time(spans.month.startsAt), .text(organization.rawValue)] + values
        ).map { row throws(DatabaseError) in
            let text = try row.text(0)
            guard let subject = Budget.Subject(text: text) else { throw DatabaseError(.decoding, "budget of \(text)") }
            return Budget(
                subject: subject, span: spans[try row.value(1, Budget.Period.self)],
                limit: try row.optionalInteger(2).map(Credits.init(micros:)), used: try row.credits(3))
        }
    }

    /// True when the organization has this key, also a revoked one.
    package func hasAPIKey(_ key: APIKeyID, of organization: OrganizationID) throws(DatabaseError) -> Bool {
        try !query(
            "SELECT 1 FROM api_key WHERE id = $1 AND organization_id = $2",
            [.text(key.rawValue), .text(organization.rawValue)]
        ).isEmpty
    }

    /// What the batches of a subject were frozen for in a span, less what they have given back: read once, when a
    /// budget is new; after that its counter tells.
    fileprivate func cost(
        of subject: Budget.Subject, in span: Budget.Span, _ organization: OrganizationID
    ) throws(DatabaseError) -> Credits {
        let (column, value) =
            switch subject {
            case .apiKey(let key): ("api_key_id", key.rawValue)
            case .project(let label): ("project", label)
            }
        let rows = try query(
            """
            SELECT CAST(COALESCE(SUM(unit_price_micros * (total - posted_failed)), 0) AS BIGINT) FROM batch
            WHERE organization_id = $1 AND \(column) = $2 AND created_at >= $3 AND created_at < $4
            """, [.text(organization.rawValue), .text(value), .time(span.startsAt), .time(span.endsAt)])
        return try rows[0].credits(0)
    }
}

extension SQLTransaction {
    /// Sets the limit of a locked wallet's budget; nil for none. Answers the budget as it is then.
    ///
    /// A new budget counts what its day or month has cost already.
    package func setBudget(
        _ subject: Budget.Subject, _ period: Budget.Period, limit: Credits?, of wallet: inout WalletRow
    ) throws(DatabaseError) -> Budget? {
        let organization = wallet.organization
        let span = Budget.Span(period, containing: now)
        let isNew =
            try execute(
                """
                INSERT INTO budget (organization_id, subject, period, limit_micros, counted_from, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organization_id, subject, period) DO NOTHING
                """,
                [
                    .text(organization.rawValue), .text(subject.text), .text(period.rawValue), .optional(limit?.micros),
                    .time(span.startsAt), .time(now),
                ]) == 1
        if isNew {
            try count(
                [
                    Budget(
                        subject: subject, span: span, limit: limit, used: try cost(of: subject, in: span, organization))
                ], of: organization)
            try execute(
                "UPDATE wallet SET has_budgets = 1 WHERE organization_id = $1", [.text(organization.rawValue)])
            wallet.hasBudgets = true
        } else {
            try execute(
                """
                UPDATE budget SET limit_micros = $1, changed_at = $2
                WHERE organization_id = $3 AND subject = $4 AND period = $5
                """,
                [
                    .optional(limit?.micros), .time(now), .text(organization.rawValue), .text(subject.text),
                    .text(period.rawValue),
                ])
        }
        return try budgets(for: [subject], of: organization).first { $0.span == span }
    }

    /// Writes the counters of budgets whose wallet is locked.
    package func count(_ budgets: [Budget], of organization: OrganizationID) throws(DatabaseError) {
        if budgets.isEmpty { return }
        try enqueueMany(
            """
            INSERT INTO budget_use (organization_id, subject, period, starts_at, ends_at, used_micros)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (organization_id, subject, period, starts_at) DO UPDATE SET used_micros = excluded.used_micros
            """,
            budgets.map { budget in
                [
                    .text(organization.rawValue), .text(budget.subject.text), .text(budget.span.period.rawValue),
                    .time(budget.span.startsAt), .time(budget.span.endsAt), .integer(budget.used.micros),
                ]
            })
    }

    /// Gives the room of failed tasks back, in the day and the month in which their batch was frozen; its wallet is
    /// locked.
    func giveBack(_ released: Credits, of batch: Batch) throws(DatabaseError) {
        if released == .zero || batch.budgetSubjects.isEmpty { return }
        let list = SQLList(batch.budgetSubjects.map(\.text), from: 5)
        let spans = Budget.Span.all(at: batch.createdAt)
        try enqueue(
            """
            UPDATE budget_use SET used_micros = used_micros - $1
            WHERE organization_id = $2
              AND ((period = 'day' AND starts_at = $3) OR (period = 'month' AND starts_at = $4))
              AND subject IN (\(list.places))
            """,
            [
                .integer(released.micros), .text(batch.organization.rawValue), .time(spans.day.startsAt),
                .time(spans.month.startsAt),
            ] + list.values)
    }
}

extension Budget.Span {
    /// The day and the month of a moment.
    fileprivate struct Both {
        let day: Budget.Span
        let month: Budget.Span

        subscript(_ period: Budget.Period) -> Budget.Span {
            switch period {
            case .day: day
            case .month: month
            }
        }
    }

    fileprivate static func all(at moment: Timestamp) -> Both {
        Both(day: Budget.Span(.day, containing: moment), month: Budget.Span(.month, containing: moment))
    }
}
