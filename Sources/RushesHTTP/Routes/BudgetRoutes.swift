import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// Budgets of an organization's API keys and projects.
struct BudgetRoutes: Sendable {
    let budgets: BudgetService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/budgets", list)
        endpoints.authorizedByKey(.put, "/v1/budgets", set)
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(
            ListBody(data: try await budgets.budgets(of: organization).map(BudgetBody.init), nextCursor: nil))
    }

    @Sendable private func set(_ call: Call, _ key: APIKey) async throws -> Response {
        _ = try call.query([])
        return try .json(BudgetBody(try await budgets.set(call, for: key.organization, by: key.id)))
    }
}

/// The same for operators, who name the organization.
struct BudgetAdminRoutes: Sendable {
    let budgets: BudgetService

    func add(to endpoints: inout Endpoints) {
        let budgets = budgets
        endpoints.open(.get, "/v1/admin/organizations/{id}/budgets") { call in
            try .json(
                ListBody(data: try await budgets.budgets(of: try call.id()).map(BudgetBody.init), nextCursor: nil))
        }
        endpoints.open(.put, "/v1/admin/organizations/{id}/budgets") { call in
            try .json(BudgetBody(try await budgets.set(call, for: try call.id(), by: nil)))
        }
    }
}

extension BudgetService {
    fileprivate func set(_ call: Call, for organization: OrganizationID, by key: APIKeyID?) async throws -> Budget {
        let request = try BudgetRequest(reading: try await call.request.smallJSONBody())
        guard let period = Budget.Period(rawValue: request.period) else {
            throw Problem.invalid("/period", "invalid_value", "day or month")
        }
        return try await setBudget(
            of: try request.subject, period, limit: request.limitMicros.map(Credits.init(micros:)), for: organization,
            by: key)
    }
}

extension BudgetRequest {
    fileprivate var subject: Budget.Subject {
        get throws(Problem) {
            switch (apiKeyID, project) {
            case (let text?, nil):
                guard let key = APIKeyID(text) else { throw .notFound }
                return .apiKey(key)
            case (nil, let label?): return .project(label)
            case (nil, nil), (.some, .some):
                throw .invalid("", "invalid_value", "either api_key_id or project")
            }
        }
    }
}

extension BudgetBody {
    init(_ budget: Budget) {
        let (key, project): (String?, String?) =
            switch budget.subject {
            case .apiKey(let key): (key.rawValue, nil)
            case .project(let label): (nil, label)
            }
        self.init(
            apiKeyID: key, project: project, period: budget.span.period.rawValue, limitMicros: budget.limit?.micros,
            usedMicros: budget.used.micros, leftMicros: budget.left?.micros, startsAt: budget.span.startsAt.rfc3339,
            endsAt: budget.span.endsAt.rfc3339)
    }
}
