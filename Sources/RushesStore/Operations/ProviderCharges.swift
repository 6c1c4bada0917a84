package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What bills that were imported in a time take for jobs that no attempt owns.
    package func unmatchedCharges(from start: Timestamp, to end: Timestamp) throws(DatabaseError) -> Dollars {
        try query(
            """
            SELECT CAST(COALESCE(SUM(amount_micros), 0) AS BIGINT) FROM provider_charge
            WHERE task_id IS NULL AND imported_at >= $1 AND imported_at < $2
            """, [.time(start), .time(end)])[0].dollars(0)
    }

    /// The amounts that were imported for some jobs of a provider.
    fileprivate func charges(
        of jobs: [ProviderJobID], at provider: String
    ) throws(DatabaseError) -> [ProviderJobID: Dollars] {
        let list = SQLList(jobs.map(\.rawValue), from: 2)
        let rows = try query(
            """
            SELECT provider_job, amount_micros FROM provider_charge
            WHERE provider = $1 AND provider_job IN (\(list.places))
            """, [.text(provider)] + list.values)
        var amounts: [ProviderJobID: Dollars] = [:]
        for row in rows { amounts[ProviderJobID(try row.text(0))] = try row.dollars(1) }
        return amounts
    }

}

extension SQLTransaction {
    /// The attempts that own some jobs of a provider, in whichever of its lanes; none of them is removed until the end
    /// of the transaction, so that what they cost goes into their sums.
    private func lockOwners(
        of jobs: [ProviderJobID], at provider: String
    ) throws(DatabaseError) -> [ProviderJobID: (task: TaskID, number: Int)] {
        var owners: [ProviderJobID: (task: TaskID, number: Int)] = [:]
        let list = SQLList(jobs.map(\.rawValue), from: 2)
        for lane in try lanes() where lane.id.provider == provider {
            _ = try query(
                """
                SELECT 1 FROM attempt WHERE lane_id = $1 AND provider_job IN (\(list.places))\(dialect.forUpdate)
                """, [.text(lane.id.rawValue)] + list.values)
            owners.merge(try self.owners(of: jobs, in: lane.id)) { first, _ in first }
        }
        return owners
    }

    /// Adds lines of a provider's bill; a job is billed once, and what was imported first stays.
    package func insert(
        _ charges: [ProviderCharge], of provider: String, bill: String, by name: String
    ) throws(DatabaseError) -> ProviderBillImport {
        let jobs = charges.map(\.job)
        var known = try self.charges(of: jobs, at: provider)
        let owners = try lockOwners(of: jobs, at: provider)
        var result = ProviderBillImport()
        var rows: [[SQLValue]] = []
        for charge in charges {
            let owner = owners[charge.job]
            let isNew = result.decide(charge, known: known[charge.job], isOwned: owner != nil)
            guard isNew else { continue }
            known[charge.job] = charge.amount
            rows.append([
                .text(provider), .text(charge.job.rawValue), .integer(charge.amount.micros), .text(bill), .text(name),
                .time(now), .optional(owner?.task.rawValue), .optional(owner.map { Int64($0.number) }),
            ])
        }
        try bulkInsert(
            "provider_charge",
            [
                "provider", "provider_job", "amount_micros", "bill", "imported_by", "imported_at", "task_id",
                "attempt_number",
            ], rows)
        return result
    }
}
