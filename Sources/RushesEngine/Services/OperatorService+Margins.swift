package import RushesCore
import RushesDatabase
import RushesStore

extension OperatorService {
    /// What was earned and what it cost in a time, which ends before `end`.
    ///
    /// - Throws: `Refusal.invalidArgument`, `DatabaseError`.
    package func margins(from start: Timestamp, to end: Timestamp) async throws -> MarginReport {
        let days = end.milliseconds(since: start) / 86_400_000
        guard (1...Int64(Limits.reportDaysMax)).contains(days) else {
            throw Refusal.invalidArgument(name: "to", reason: "1 to \(Limits.reportDaysMax) days after from")
        }
        let (attempts, unmatched) = try await engine.database.read { reader in
            (try reader.attemptGroups(from: start, to: end), try reader.unmatchedCharges(from: start, to: end))
        }
        var revenue: [(subject: MarginReport.Subject, amount: Dollars)] = []
        var losses: [(subject: MarginReport.Subject, amount: Dollars)] = []
        var last = ""
        while true {
            let after = last
            let (organizations, found, lost) = try await engine.database.read { reader in
                let organizations = try reader.organizationIDs(after: after, limit: Limits.pageItemsMax)
                return (
                    organizations, try organizations.flatMap { try reader.revenue(of: $0, from: start, to: end) },
                    try organizations.flatMap { try reader.disputeLosses(of: $0, from: start, to: end) }
                )
            }
            revenue += found
            losses += lost
            guard let end = organizations.last else { break }
            last = end.rawValue
        }
        return MarginReport(attempts: attempts, revenue: revenue, disputeLosses: losses, unmatchedCost: unmatched)
    }
}
