import HTTPTypes
import RushesCore

extension Problem {
    /// Names the budget, its limit and what is left of it.
    static func budgetExceeded(_ budget: Budget, needed: Credits) -> Problem {
        let left = budget.left ?? .zero
        let subject =
            switch budget.subject {
            case .apiKey(let key): "API key \(key)"
            case .project(let label): "project \(label)"
            }
        var problem = Problem(
            HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"), "budget_exceeded",
            "A budget has no room for it",
            "the batch costs \(needed.micros) micro-credits; the budget of \(subject) allows "
                + "\((budget.limit ?? .zero).micros) in the \(budget.span.period.rawValue) that began at "
                + "\(budget.span.startsAt.rfc3339), and \(left.micros) are left of it")
        problem.shortMicros = (needed - left).micros
        return problem
    }

    static let keyHasBudget = Problem(
        .forbidden, "key_has_budget", "The API key has a budget itself",
        "a key with a budget may change none; ask the holder of another key, or an operator")

    static let tooManyBudgets = Problem(
        .conflict, "too_many_budgets", "Too many budgets", "at most \(Limits.budgetsPerOrganizationMax) can be set")
}
