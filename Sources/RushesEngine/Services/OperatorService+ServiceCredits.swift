package import RushesCore
import RushesDatabase
package import RushesStore

/// What an organization gets back for a month with a model, and the gift that gave it.
package struct ServiceCreditLine: Sendable, Equatable {
    /// The computation.
    package let credit: ServiceCredit
    /// The gift; nil as long as there is none.
    package let grant: CreditGrant?
}

extension OperatorService {
    /// What organizations get back for a month that is over, by organization and model; nothing is written.
    ///
    /// The steps are those of the catalogue that was in force at the month's end, so that a month is computed alike
    /// whenever it is asked for.
    /// - Parameter only: one organization; nil for all.
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument` for a month that is not over, `DatabaseError`.
    package func serviceCredits(
        for month: CalendarMonth, of only: OrganizationID?
    ) async throws -> [ServiceCreditLine] {
        let catalogue = try await engine.database.read { reader in
            guard Statement.isClosed(month, at: reader.now) else {
                throw Refusal.invalidArgument(
                    name: "month", reason: "a month that is over, ten minutes after its end in UTC")
            }
            if let only, try !reader.organizationExists(only) { throw Refusal.notFound }
            return try reader.priceBook(atEndOf: month)?.catalogue
        }
        var lines: [ServiceCreditLine] = []
        let organizations = if let only { [only] } else { try await allOrganizations() }
        for organization in organizations {
            let credits = try await serviceMonths(month, of: organization).map { served in
                served.credit(under: catalogue?.model(served.level.model)?.serviceCredits ?? [])
            }
            lines += try await engine.database.read { reader in
                try credits.map {
                    ServiceCreditLine(credit: $0, grant: try reader.creditGrant(reference: $0.reference))
                }
            }
        }
        return lines
    }

    /// Gives back what a month that is over owes, each once whatever is repeated; answers all lines of the month.
    ///
    /// - Throws: as `serviceCredits`; what was granted until then stays granted.
    package func grantServiceCredits(
        for month: CalendarMonth, of only: OrganizationID?, by name: String
    ) async throws -> [ServiceCreditLine] {
        try expect(text: name, "by", Limits.operatorNameCharactersMax)
        var lines: [ServiceCreditLine] = []
        for line in try await serviceCredits(for: month, of: only) {
            guard line.grant == nil, let reason = line.credit.calculation else {
                lines.append(line)
                continue
            }
            let (grant, _) = try await grant(
                GrantOrder(
                    organization: line.credit.month.organization, origin: .slaCredit, face: line.credit.amount,
                    expiresAt: nil, reference: line.credit.reference, reason: reason, by: name))
            lines.append(ServiceCreditLine(credit: line.credit, grant: grant))
        }
        return lines
    }

    private func allOrganizations() async throws -> [OrganizationID] {
        var all: [OrganizationID] = []
        while true {
            let last = all.last?.rawValue ?? ""
            let page = try await engine.database.read { reader in
                try reader.organizationIDs(after: last, limit: Limits.pageItemsMax)
            }
            if page.isEmpty { return all }
            all += page
        }
    }

    /// The figures of a month by model, read in pages, so that no statement is long.
    private func serviceMonths(
        _ month: CalendarMonth, of organization: OrganizationID
    ) async throws -> [ServiceMonth] {
        var sums: [String: ServiceMonth] = [:]
        var last = ""
        while true {
            let after = last
            let page = try await engine.database.read { reader throws -> (end: BatchID, parts: [ServiceMonth])? in
                let batches = try reader.batchesOfServiceMonth(
                    month, of: organization, after: after, limit: Limits.batchesPerServiceMonthPage)
                guard let first = batches.first, let last = batches.last else { return nil }
                return (last, try reader.serviceMonths(month, of: organization, from: first, through: last))
            }
            guard let page else { break }
            for part in page.parts { sums[part.level.model] = sums[part.level.model].map { $0.adding(part) } ?? part }
            last = page.end.rawValue
        }
        return sums.values.filter { !$0.level.isEmpty }.sorted { $0.level.model < $1.level.model }
    }
}
