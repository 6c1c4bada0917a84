package import RushesEngine

/// What the routes of the API work with.
package struct EdgeServices: Sendable {
    let batches: BatchService
    let credits: CreditService
    let purchases: PurchaseService
    let budgets: BudgetService
    let statements: StatementService
    let invoices: InvoiceService
    let access: AccessService
    let status: StatusService
    let requests: RequestTally
    let hints: ProviderHintService
    let webhooks: WebhookService
    let environment: RushesEngine.Environment
    let health: HealthSource

    /// The services of an engine, where health and metrics come from, the secrets of provider accounts whose webhooks
    /// are taken, and what it takes to send webhooks.
    package init(
        _ engine: Engine, health: HealthSource, webhookSecrets: [String: WebhookSecret] = [:],
        webhooks tools: WebhookTools? = nil
    ) {
        batches = BatchService(engine)
        credits = CreditService(engine)
        purchases = PurchaseService(engine)
        budgets = BudgetService(engine)
        statements = StatementService(engine)
        invoices = InvoiceService(engine)
        access = AccessService(engine)
        status = StatusService(engine)
        requests = engine.requests
        hints = ProviderHintService(engine, secrets: webhookSecrets)
        webhooks = WebhookService(engine, tools)
        environment = engine.environment
        self.health = health
    }
}

/// Where the answers of the health routes come from.
package struct HealthSource: Sendable {
    let readiness: @Sendable () async -> [String: String]
    let isStopping: @Sendable () -> Bool
    let metrics: @Sendable () -> String

    /// A source from its parts.
    ///
    /// - Parameters:
    ///   - readiness: gives each part with `ok` or what is wrong, without waiting for it.
    ///   - isStopping: true from the moment at which callers should go elsewhere.
    ///   - metrics: gives the text of `/metrics`.
    package init(
        readiness: @escaping @Sendable () async -> [String: String], isStopping: @escaping @Sendable () -> Bool,
        metrics: @escaping @Sendable () -> String
    ) {
        self.readiness = readiness
        self.isStopping = isStopping
        self.metrics = metrics
    }
}
