import RushesCore
import RushesEngine
import RushesStore

extension World {
    /// The labels that batches carry.
    static let projects = ["spring", "autumn"]

    /// A budget, most often one that is soon used up, or one without a limit.
    func nextBudget(_ organization: OrganizationID) -> ClientCall {
        let isOfKey = chance.happens(300)
        let label = chance.choice(of: Self.projects)
        let key = history.keys[organization]
        let subject = isOfKey ? key.map(Budget.Subject.apiKey) ?? .project(label) : .project(label)
        let limit = chance.happens(750) ? Credits(micros: chance.between(Int64(0), 60_000_000)) : nil
        return ClientCall(
            .money(.budget(subject, chance.choice(of: Budget.Period.allCases), limit)), by: organization)
    }

    /// What is used of a budget grows within its limit only; above a limit that was lowered it falls.
    func checkBudgets(_ budgets: [OrganizationID: [Budget]]) throws {
        for (organization, found) in budgets.sorted(by: { $0.key < $1.key }) {
            for budget in found {
                let key = BudgetKey(organization: organization, subject: budget.subject, span: budget.span)
                // A new budget counts what was frozen before it was set.
                let isNew = seen.budgetSubjects.insert(BudgetKey(anyTimeOf: key)).inserted
                let before = isNew ? budget.used : seen.budgets[key] ?? .zero
                if let limit = budget.limit, budget.used > max(limit, before) {
                    throw fail(["\(organization) \(budget.subject): \(budget.used) used, \(limit) allowed"])
                }
                seen.budgets[key] = budget.used
            }
        }
    }

    /// No dated version was passed over: the price is that of the last one whose date had come.
    func checkPrice(of batch: Batch, _ versions: [PriceBookVersion]) throws {
        guard let own = versions.first(where: { $0.book.version == batch.priceVersion }) else { return }
        for other in versions {
            guard let date = other.date, date <= batch.createdAt else { continue }
            if (date, other.book.version) > (own.inForceFrom, own.book.version) {
                throw fail([
                    "\(batch.id): price of version \(own.book.version), and \(other.book.version) was in force"
                ])
            }
        }
    }
}

/// One budget, in one day or month or in all of them.
struct BudgetKey: Hashable {
    let organization: OrganizationID
    let subject: Budget.Subject
    let period: Budget.Period
    let startsAt: Timestamp?

    init(organization: OrganizationID, subject: Budget.Subject, span: Budget.Span) {
        self.organization = organization
        self.subject = subject
        period = span.period
        startsAt = span.startsAt
    }

    /// The same budget in whichever day or month.
    init(anyTimeOf key: BudgetKey) {
        organization = key.organization
        subject = key.subject
        period = key.period
        startsAt = nil
    }
}
