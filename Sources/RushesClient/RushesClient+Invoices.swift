public import RushesWire

extension RushesClient {
    /// A page of invoices and credit notes, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func invoices(limit: Int? = nil, cursor: String? = nil) async throws -> ListBody<InvoiceBody> {
        try await exchange.answer(.get("/v1/invoices", [("limit", limit.map(String.init)), ("cursor", cursor)])).body
    }

    /// An invoice.
    ///
    /// - Throws: `RushesClientError`.
    public func invoice(_ id: String) async throws -> InvoiceBody {
        try await exchange.answer(.get("/v1/invoices/\(percentEncoded(id))")).body
    }

    /// An invoice as an HTML page, in `en` or `zh`.
    ///
    /// - Throws: `RushesClientError`.
    public func invoicePage(_ id: String, language: String) async throws -> [UInt8] {
        try await exchange.page("/v1/invoices/\(percentEncoded(id)).html", language: language)
    }

    /// What invoices say of the organization.
    ///
    /// - Throws: `RushesClientError`.
    public func billingProfile() async throws -> BillingProfileBody {
        try await exchange.answer(.get("/v1/billing_profile")).body
    }

    /// Sets what invoices say of the organization from now on.
    ///
    /// - Throws: `RushesClientError`.
    public func setBillingProfile(_ request: BillingProfileRequest) async throws -> BillingProfileBody {
        try await exchange.answer(
            .send(.put, "/v1/billing_profile", content: .json(request), isRepeatable: true)
        ).body
    }
}

extension AdminClient {
    /// A page of an organization's invoices and credit notes, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func invoices(
        of organization: String, limit: Int? = nil, cursor: String? = nil
    ) async throws -> ListBody<InvoiceBody> {
        try await exchange.answer(
            .get(
                "/v1/admin/organizations/\(percentEncoded(organization))/invoices",
                [("limit", limit.map(String.init)), ("cursor", cursor)])
        ).body
    }

    /// Any organization's invoice as an HTML page, in `en` or `zh`.
    ///
    /// - Throws: `RushesClientError`.
    public func invoicePage(_ id: String, language: String) async throws -> [UInt8] {
        try await exchange.page("/v1/admin/invoices/\(percentEncoded(id)).html", language: language)
    }

    /// Records the payment of a month's invoice.
    ///
    /// - Throws: `RushesClientError`.
    public func payInvoice(_ id: String, _ request: PaymentReference) async throws -> InvoiceBody {
        try await post("/v1/admin/invoices/\(percentEncoded(id))/pay", request)
    }

    /// Takes an invoice out of force.
    ///
    /// - Throws: `RushesClientError`.
    public func voidInvoice(_ id: String, _ request: VoidRequest) async throws -> VoidedInvoiceBody {
        try await post("/v1/admin/invoices/\(percentEncoded(id))/void", request)
    }

    /// Sets the tax on top of an organization's net prices.
    ///
    /// - Throws: `RushesClientError`.
    public func setTax(of organization: String, _ request: TaxRequest) async throws -> BillingProfileBody {
        let path = "/v1/admin/organizations/\(percentEncoded(organization))/tax"
        return try await exchange.answer(.send(.put, path, content: .json(request))).body
    }

    /// Opens an organization's credit line, or sets its limit.
    ///
    /// - Throws: `RushesClientError`.
    public func setCreditLine(
        of organization: String, _ request: CreditLineRequest
    ) async throws -> CreditLineBody {
        let path = "/v1/admin/organizations/\(percentEncoded(organization))/credit_line"
        return try await exchange.answer(.send(.put, path, content: .json(request))).body
    }
}
