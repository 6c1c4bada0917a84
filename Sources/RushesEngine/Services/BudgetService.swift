package import RushesCore
import RushesDatabase
import RushesStore

/// Budgets: what the batches of an API key or of a project may cost in a day or a month.
package struct BudgetService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }
}

extension BudgetService {
    /// The budgets of an organization, with what was used of each today or this month.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func budgets(of organization: OrganizationID) async throws -> [Budget] {
        try await engine.database.read { reader in
            guard try reader.organizationExists(organization) else { throw Refusal.notFound }
            return try reader.budgets(of: organization)
        }
    }

    /// Sets the limit of a budget; nil takes the limit away, and it goes on counting. Answers it as it is then.
    ///
    /// A key that has a limit itself cannot lift it: it may change no budget at all. `key` is nil for operators.
    /// - Throws: `Refusal.notFound` for an unknown organization or key, `Refusal.keyHasBudget`,
    ///   `Refusal.tooManyBudgets`, `Refusal.invalidArgument`, `Refusal.invalidInput`, `DatabaseError`.
    package func setBudget(
        of subject: Budget.Subject, _ period: Budget.Period, limit: Credits?, for organization: OrganizationID,
        by key: APIKeyID? = nil
    ) async throws -> Budget {
        try expect(subject, limit)
        return try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard var wallet = try transaction.lockWallet(organization) else { throw Refusal.notFound }
            if let key,
                try transaction.budgets(for: [.apiKey(key)], of: organization).contains(where: { $0.limit != nil })
            {
                throw Refusal.keyHasBudget
            }
            let known = try transaction.budgets(of: organization)
            let isKnown = known.contains { $0.subject == subject && $0.span.period == period }
            guard isKnown || known.count < Limits.budgetsPerOrganizationMax else { throw Refusal.tooManyBudgets }
            switch subject {
            case .apiKey(let key):
                guard try transaction.hasAPIKey(key, of: organization) else { throw Refusal.notFound }
            case .project: break
            }
            guard let budget = try transaction.setBudget(subject, period, limit: limit, of: &wallet) else {
                throw DatabaseError(.decoding, "the budget that was written is not there")
            }
            return budget
        }
    }

    private func expect(_ subject: Budget.Subject, _ limit: Credits?) throws(Refusal) {
        if let limit, limit < .zero || limit.micros > Limits.lotMicrosMax {
            throw .invalidArgument(name: "limit_micros", reason: "between 0 and \(Limits.lotMicrosMax)")
        }
        switch subject {
        case .apiKey: break
        case .project(let label):
            guard let issue = BatchDraft.projectIssue(label) else { return }
            throw .invalidArgument(name: "project", reason: issue.detail)
        }
    }
}
