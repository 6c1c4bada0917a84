public import RushesWire

extension RushesClient {
    /// The organization's budgets.
    ///
    /// - Throws: `RushesClientError`.
    public func budgets() async throws -> ListBody<BudgetBody> {
        try await exchange.answer(.get("/v1/budgets")).body
    }

    /// Sets a budget; may be repeated.
    ///
    /// - Throws: `RushesClientError`.
    public func setBudget(_ request: BudgetRequest) async throws -> BudgetBody {
        try await exchange.answer(.send(.put, "/v1/budgets", content: .json(request), isRepeatable: true)).body
    }
}

extension AdminClient {
    /// The budgets of an organization.
    ///
    /// - Throws: `RushesClientError`.
    public func budgets(of organization: String) async throws -> ListBody<BudgetBody> {
        try await exchange.answer(.get("/v1/admin/organizations/\(percentEncoded(organization))/budgets")).body
    }

    /// Sets a budget of an organization.
    ///
    /// - Throws: `RushesClientError`.
    public func setBudget(_ request: BudgetRequest, of organization: String) async throws -> BudgetBody {
        let path = "/v1/admin/organizations/\(percentEncoded(organization))/budgets"
        return try await exchange.answer(.send(.put, path, content: .json(request))).body
    }
}
