package import Hummingbird
package import HummingbirdCore
package import Logging
package import NIOCore
import RushesCore
import RushesEngine
import RushesStore

/// The API of customers: routes, limits, errors.
package struct RushesAPI: Sendable {
    private let services: EdgeServices

    /// The API over an engine's services.
    package init(_ services: EdgeServices) {
        self.services = services
    }

    /// A router with every route, and the list of them.
    package func router() -> (router: Router<EdgeContext>, endpoints: [EndpointDescription]) {
        let access = services.access
        return EdgeRouter.make(
            environment: services.environment, isStopping: services.health.isStopping, tally: services.requests,
            authentication: Authentication { key in
                try await access.authenticate(key)
            }
        ) { endpoints in
            // The router compares a path with its routes in this order: what is asked most comes first.
            BatchRoutes(batches: services.batches).add(to: &endpoints)
            TaskRoutes(batches: services.batches).add(to: &endpoints)
            ResultRoutes(batches: services.batches).add(to: &endpoints)
            HealthRoutes(source: services.health).add(to: &endpoints)
            StatusRoutes(status: services.status).add(to: &endpoints)
            DocumentRoutes().add(to: &endpoints)
            ModelRoutes(batches: services.batches).add(to: &endpoints)
            WalletRoutes(credits: services.credits).add(to: &endpoints)
            PurchaseRoutes(purchases: services.purchases).add(to: &endpoints)
            BudgetRoutes(budgets: services.budgets).add(to: &endpoints)
            EventRoutes(credits: services.credits).add(to: &endpoints)
            WebhookRoutes(webhooks: services.webhooks).add(to: &endpoints)
            LedgerExportRoutes(credits: services.credits).add(to: &endpoints)
            StatementRoutes(statements: services.statements).add(to: &endpoints)
            InvoiceRoutes(invoices: services.invoices).add(to: &endpoints)
            CreditRoutes(credits: services.credits, batches: services.batches).add(to: &endpoints)
            AssetRoutes(access: services.access).add(to: &endpoints)
            ProviderHintRoutes(hints: services.hints).add(to: &endpoints)
        }
    }

    /// The server, ready to run in a service group; `onServerRunning` learns the address that was bound.
    package func application(
        listeningOn address: BindAddress, logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void = { _ in }
    ) -> Application<RouterResponder<EdgeContext>> {
        EdgeRouter.application(
            router().router, services.environment, listeningOn: address, logger: logger,
            onServerRunning: onServerRunning)
    }
}

/// What the API of customers and that of operators share.
enum EdgeRouter {
    static func make(
        environment: RushesEngine.Environment, isStopping: @escaping @Sendable () -> Bool = { false },
        tally: RequestTally? = nil, authentication: Authentication, routes: (inout Endpoints) -> Void
    ) -> (router: Router<EdgeContext>, endpoints: [EndpointDescription]) {
        let router = Router(context: EdgeContext.self, options: .autoGenerateHeadEndpoints)
        let known = KnownEndpoints()
        router.add(middleware: EdgeMiddleware(environment: environment, isStopping: isStopping, tally: tally))
        router.add(middleware: MethodMiddleware(known: known))
        var endpoints = Endpoints(router, authentication)
        routes(&endpoints)
        known.set(endpoints.descriptions)
        return (router, endpoints.descriptions)
    }

    static func application(
        _ router: Router<EdgeContext>, _ environment: RushesEngine.Environment, listeningOn address: BindAddress,
        logger: Logger,
        onServerRunning: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<RouterResponder<EdgeContext>> {
        Application(
            router: router, server: EdgeServer.http1(environment),
            configuration: EdgeServer.configuration(address: address, logger: logger),
            onServerRunning: onServerRunning, logger: logger)
    }
}
