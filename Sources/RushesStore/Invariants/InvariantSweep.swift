import RushesCore
package import RushesDatabase

/// Checks everything in a database, a page of organizations, batches or lanes at a time, in bounded memory.
///
/// Each page is a transaction of its own, so a running server is not held up; every invariant is within one wallet,
/// one batch or one lane, and each of these is read in one transaction.
package struct InvariantSweep: Sendable {
    private let database: any Database
    private static let violationsMax = 1_000
    private static let subjectsPerPage = 100

    /// A sweep over a database.
    package init(_ database: any Database) {
        self.database = database
    }

    /// What a sweep found.
    package struct Report: Sendable, Equatable {
        /// What was looked at.
        package var organizations = 0
        /// What was looked at.
        package var batches = 0
        /// What was looked at.
        package var lanes = 0
        /// What was looked at.
        package var invoiceSeries = 0
        /// At most 1,000 violations.
        package var violations: [InvariantViolation] = []
    }

    /// Checks everything.
    ///
    /// - Throws: `DatabaseError`.
    package func run() async throws -> Report {
        var report = Report()
        try await page("SELECT id FROM organization WHERE id > $1 ORDER BY id LIMIT $2", &report) { reader, id in
            let organization = OrganizationID(trusted: id)
            return try reader.violations(ofWallet: organization) + reader.violations(ofLedgerOf: organization)
                + reader.violations(ofEventsOf: organization)
                + reader.violations(ofWebhooksOf: organization)
        } count: {
            $0.organizations += $1
        }
        try await page("SELECT id FROM batch WHERE id > $1 ORDER BY id LIMIT $2", &report) { reader, id in
            try reader.violations(ofBatch: BatchID(trusted: id))
        } count: {
            $0.batches += $1
        }
        try await page("SELECT id FROM lane WHERE id > $1 ORDER BY id LIMIT $2", &report) { reader, id in
            try reader.violations(ofLane: LaneID(id))
        } count: {
            $0.lanes += $1
        }
        try await page("SELECT id FROM invoice_series WHERE id > $1 ORDER BY id LIMIT $2", &report) { reader, id in
            try reader.violations(ofInvoiceSeries: id)
        } count: {
            $0.invoiceSeries += $1
        }
        return report
    }

    private func page(
        _ sql: String, _ report: inout Report,
        check: @escaping @Sendable (any SQLReading, String) throws -> [InvariantViolation],
        count: (inout Report, Int) -> Void
    ) async throws {
        var last = ""
        while report.violations.count < Self.violationsMax {
            let after = last
            let (subjects, found) = try await database.read { reader in
                let subjects = try reader.query(sql, [.text(after), .int(Self.subjectsPerPage)])
                    .map { try $0.text(0) }
                return (subjects, try subjects.flatMap { try check(reader, $0) })
            }
            count(&report, subjects.count)
            report.violations += found
            guard let end = subjects.last else { return }
            last = end
        }
    }
}
