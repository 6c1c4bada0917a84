public import RushesWire

extension RushesClient {
    /// The models that can be bought, with prices and limits.
    ///
    /// - Throws: `RushesClientError`.
    public func models() async throws -> ListBody<ModelBody> {
        try await exchange.answer(.get("/v1/models")).body
    }

    /// The organization's credits.
    ///
    /// - Throws: `RushesClientError`.
    public func wallet() async throws -> WalletBody {
        try await exchange.answer(.get("/v1/wallet")).body
    }

    /// A page of the ledger; `batch` narrows it to one batch.
    ///
    /// - Throws: `RushesClientError`.
    public func ledger(
        batch: String? = nil, limit: Int? = nil, cursor: String? = nil
    ) async throws -> ListBody<LedgerEntryBody> {
        try await exchange.answer(
            .get("/v1/ledger", [("batch_id", batch), ("limit", limit.map(String.init)), ("cursor", cursor)])
        ).body
    }

    /// All ledger entries; `batch` narrows them to one batch.
    ///
    /// - Throws: `RushesClientError`.
    public func wholeLedger(batch: String? = nil) async throws -> [LedgerEntryBody] {
        try await allPages { try await ledger(batch: batch, limit: 100, cursor: $0) }
    }

    /// Whether the server can take work.
    ///
    /// - Throws: `RushesClientError`; a server that is not ready answers 503.
    public func readiness() async throws -> HealthBody {
        try await exchange.answer(.get("/readyz")).body
    }
}
