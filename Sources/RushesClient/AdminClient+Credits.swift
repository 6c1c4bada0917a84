public import RushesWire

extension AdminClient {
    /// Grants a package or a top-up.
    ///
    /// - Throws: `RushesClientError`.
    public func purchase(_ request: PurchaseRequest) async throws -> PurchaseBody {
        try await post("/v1/admin/purchases", request)
    }

    /// Grants a purchase that a customer has opened.
    ///
    /// - Throws: `RushesClientError`.
    public func confirmPurchase(_ id: String, _ request: PaymentReference) async throws -> PurchaseBody {
        try await post("/v1/admin/purchases/\(percentEncoded(id))/confirm", request)
    }

    /// Pays back what is left of a purchase.
    ///
    /// - Throws: `RushesClientError`.
    public func refundPurchase(_ id: String, _ request: RefundRequest) async throws -> PurchaseRefundBody {
        try await post("/v1/admin/purchases/\(percentEncoded(id))/refund", request)
    }

    /// Records that a bank asks whether a purchase's payment stands.
    ///
    /// - Throws: `RushesClientError`.
    public func openDispute(of purchase: String, _ request: DisputeRequest) async throws -> DisputeBody {
        try await post("/v1/admin/purchases/\(percentEncoded(purchase))/disputes", request)
    }

    /// Records what a bank has decided: that the payment stands, or that it took it back.
    ///
    /// - Throws: `RushesClientError`.
    public func decideDispute(_ id: String, isWon: Bool, _ request: DecisionRequest) async throws -> DisputeBody {
        try await post("/v1/admin/disputes/\(percentEncoded(id))/\(isWon ? "won" : "lost")", request)
    }

    /// Disputes of an organization, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func disputes(of organization: String) async throws -> ListBody<DisputeBody> {
        try await exchange.answer(.get("/v1/admin/organizations/\(percentEncoded(organization))/disputes")).body
    }

    /// Purchases of an organization that wait for their payment.
    ///
    /// - Throws: `RushesClientError`.
    public func pendingPurchases(of organization: String) async throws -> ListBody<PurchaseBody> {
        try await exchange.answer(.get("/v1/admin/organizations/\(percentEncoded(organization))/purchases")).body
    }

    /// Gives credits away.
    ///
    /// - Throws: `RushesClientError`.
    public func grant(_ request: GrantRequest) async throws -> GrantBody {
        try await post("/v1/admin/grants", request)
    }

    /// What a month that is over owes for missed promises; nil stands for all organizations.
    ///
    /// - Throws: `RushesClientError`.
    public func serviceCredits(month: String, of organization: String?) async throws -> ServiceCreditReport {
        try await exchange.answer(
            .get(
                "/v1/admin/sla/credits", [("month", month), ("organization_id", organization)], timeoutSeconds: 600)
        ).body
    }

    /// Gives back what a month owes, each once.
    ///
    /// - Throws: `RushesClientError`.
    public func grantServiceCredits(_ request: ServiceCreditRequest) async throws -> ServiceCreditReport {
        try await exchange.answer(
            .send(.post, "/v1/admin/sla/credits", content: .json(request), timeoutSeconds: 600)
        ).body
    }

    /// Asks for a correction of a wallet.
    ///
    /// - Throws: `RushesClientError`.
    public func proposeAdjustment(_ request: AdjustmentRequest) async throws -> AdjustmentBody {
        try await post("/v1/admin/adjustments", request)
    }

    /// Approves or rejects a correction.
    ///
    /// - Throws: `RushesClientError`.
    public func decideAdjustment(
        _ id: String, approves: Bool, _ request: DecisionRequest
    ) async throws -> AdjustmentBody {
        try await post("/v1/admin/adjustments/\(percentEncoded(id))/\(approves ? "approve" : "reject")", request)
    }

    /// What was earned and what it cost from one day to another, both included, such as `2026-11-25`.
    ///
    /// - Throws: `RushesClientError`.
    public func margins(from: String, to: String) async throws -> MarginReportBody {
        try await exchange.answer(.get("/v1/admin/margins", [("from", from), ("to", to)])).body
    }

    /// Takes lines of a provider's bill in, at most 2,000.
    ///
    /// - Throws: `RushesClientError`.
    public func importCosts(_ request: ProviderBillRequest) async throws -> ProviderBillResult {
        try await post("/v1/admin/costs", request)
    }

    /// Corrections that wait for their decision, or those of an organization.
    ///
    /// - Throws: `RushesClientError`.
    public func adjustments(of organization: String?) async throws -> ListBody<AdjustmentBody> {
        try await exchange.answer(.get("/v1/admin/adjustments", [("organization_id", organization)])).body
    }
}
