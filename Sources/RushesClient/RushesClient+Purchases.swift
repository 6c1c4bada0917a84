public import RushesWire

extension RushesClient {
    /// The prepaid packages on offer.
    ///
    /// - Throws: `RushesClientError`.
    public func packages() async throws -> ListBody<PackageOfferBody> {
        try await exchange.answer(.get("/v1/packages")).body
    }

    /// Opens a purchase that waits for its payment.
    ///
    /// - Throws: `RushesClientError`.
    public func openPurchase(_ request: PurchaseOpeningRequest) async throws -> PurchaseBody {
        try await exchange.answer(
            .send(.post, "/v1/purchases", content: .json(request), isRepeatable: true)
        ).body
    }

    /// A page of purchases, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func purchases(limit: Int? = nil, cursor: String? = nil) async throws -> ListBody<PurchaseBody> {
        try await exchange.answer(.get("/v1/purchases", [("limit", limit.map(String.init)), ("cursor", cursor)])).body
    }

    /// Calls a purchase off that waits for its payment.
    ///
    /// - Throws: `RushesClientError`.
    public func cancelPurchase(_ id: String) async throws -> PurchaseBody {
        try await exchange.answer(.send(.post, "/v1/purchases/\(percentEncoded(id))/cancel", content: nil)).body
    }

    /// Sets the mark below which the event `wallet.low_balance` is sent; nil for never.
    ///
    /// - Throws: `RushesClientError`.
    public func alert(_ alert: WalletAlert) async throws -> WalletBody {
        try await exchange.answer(
            .send(.put, "/v1/wallet/alert", content: .json(alert), isRepeatable: true)
        ).body
    }

    /// Events of the organization's feed after a place.
    ///
    /// - Throws: `RushesClientError`.
    public func events(after sequence: Int64, limit: Int? = nil) async throws -> ListBody<EventBody> {
        try await exchange.answer(
            .get("/v1/events", [("after", String(sequence)), ("limit", limit.map(String.init))])
        ).body
    }
}
