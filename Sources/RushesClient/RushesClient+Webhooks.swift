public import RushesWire

extension RushesClient {
    /// All endpoints.
    ///
    /// - Throws: `RushesClientError`.
    public func webhookEndpoints() async throws -> ListBody<WebhookEndpointBody> {
        try await exchange.answer(.get("/v1/webhook_endpoints")).body
    }

    /// An endpoint.
    ///
    /// - Throws: `RushesClientError`.
    public func webhookEndpoint(_ id: String) async throws -> WebhookEndpointBody {
        try await exchange.answer(.get(path(id))).body
    }

    /// Makes an endpoint; the answer holds its secret.
    ///
    /// - Throws: `RushesClientError`.
    public func createWebhookEndpoint(_ request: WebhookEndpointRequest) async throws -> WebhookEndpointBody {
        try await exchange.answer(.send(.post, "/v1/webhook_endpoints", content: .json(request))).body
    }

    /// Changes an endpoint.
    ///
    /// - Throws: `RushesClientError`.
    public func changeWebhookEndpoint(
        _ id: String, _ request: WebhookEndpointRequest
    ) async throws -> WebhookEndpointBody {
        try await exchange.answer(.send(.patch, path(id), content: .json(request), isRepeatable: true)).body
    }

    /// Deletes an endpoint.
    ///
    /// - Throws: `RushesClientError`.
    public func deleteWebhookEndpoint(_ id: String) async throws {
        try await exchange.perform(.send(.delete, path(id), content: nil))
    }

    /// Stops sending to an endpoint.
    ///
    /// - Throws: `RushesClientError`.
    public func disableWebhookEndpoint(_ id: String) async throws -> WebhookEndpointBody {
        try await exchange.answer(.send(.post, path(id, "disable"), content: nil, isRepeatable: true)).body
    }

    /// Sends to an endpoint again.
    ///
    /// - Throws: `RushesClientError`.
    public func enableWebhookEndpoint(_ id: String, force: Bool) async throws -> WebhookEndpointBody {
        try await exchange.answer(
            .send(.post, path(id, "enable"), content: .json(WebhookEnableRequest(force: force)))
        ).body
    }

    /// Makes a new secret; the older ones sign for so many seconds more.
    ///
    /// - Throws: `RushesClientError`.
    public func rotateWebhookSecret(
        _ id: String, expirePreviousIn seconds: Int?
    ) async throws -> WebhookSecretBody {
        let request = WebhookRotationRequest(expirePreviousIn: seconds)
        return try await exchange.answer(.send(.post, path(id, "secrets"), content: .json(request))).body
    }

    /// Sends a sample and waits for what comes of it.
    ///
    /// - Throws: `RushesClientError`.
    public func testWebhookEndpoint(_ id: String, type: String?) async throws -> WebhookDeliveryBody {
        try await exchange.answer(
            .send(.post, path(id, "test"), content: .json(WebhookTestRequest(type: type)))
        ).body
    }

    /// Sends once more what an endpoint did not get, or only counts it.
    ///
    /// - Throws: `RushesClientError`.
    public func recoverWebhookEvents(
        _ id: String, _ request: WebhookRecoverRequest
    ) async throws -> WebhookRecoveryBody {
        try await exchange.answer(.send(.post, path(id, "recover"), content: .json(request))).body
    }

    /// A page of deliveries, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func webhookDeliveries(
        to id: String, state: String?, limit: Int? = nil, cursor: String? = nil
    ) async throws -> ListBody<WebhookDeliveryBody> {
        try await exchange.answer(
            .get(path(id, "deliveries"), [("state", state), ("limit", limit.map(String.init)), ("cursor", cursor)])
        ).body
    }

    /// A delivery with its attempts.
    ///
    /// - Throws: `RushesClientError`.
    public func webhookDelivery(_ id: String) async throws -> WebhookDeliveryBody {
        try await exchange.answer(.get("/v1/webhook_deliveries/\(percentEncoded(id))")).body
    }

    /// Sends a delivery once more.
    ///
    /// - Throws: `RushesClientError`.
    public func resendWebhookDelivery(_ id: String, includeSucceeded: Bool) async throws -> WebhookDeliveryBody {
        let request = WebhookResendRequest(includeSucceeded: includeSucceeded)
        return try await exchange.answer(
            .send(.post, "/v1/webhook_deliveries/\(percentEncoded(id))/resend", content: .json(request))
        ).body
    }

    private func path(_ id: String, _ part: String? = nil) -> String {
        "/v1/webhook_endpoints/\(percentEncoded(id))" + (part.map { "/" + $0 } ?? "")
    }
}
