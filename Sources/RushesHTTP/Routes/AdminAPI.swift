package import Hummingbird
import HummingbirdCore
package import Logging
import RushesCore
package import RushesEngine
import RushesStore
import RushesWire

/// The API of operators, for the socket that only they can open: it asks for no key.
package struct AdminAPI: Sendable {
    private let operators: OperatorService
    private let invoices: InvoiceService
    private let status: StatusService
    private let budgets: BudgetService
    private let environment: RushesEngine.Environment
    private let operations: AdminOperations

    /// The API over an engine and what its installation can do.
    package init(_ engine: Engine, operations: AdminOperations) {
        operators = OperatorService(engine)
        invoices = InvoiceService(engine)
        status = StatusService(engine)
        budgets = BudgetService(engine)
        environment = engine.environment
        self.operations = operations
    }

    /// A router with every route, and the list of them.
    package func router() -> (router: Router<EdgeContext>, endpoints: [EndpointDescription]) {
        let operations = operations
        return EdgeRouter.make(environment: environment, authentication: Authentication { _ in nil }) { endpoints in
            endpoints.open(.post, "/v1/admin/organizations", createOrganization)
            endpoints.open(.get, "/v1/admin/organizations/{id}", showOrganization)
            endpoints.open(.put, "/v1/admin/organizations/{id}/limits", limitOrganization)
            endpoints.open(.post, "/v1/admin/organizations/{id}/keys", createKey)
            CatalogueRoutes(operators: operators).add(to: &endpoints)
            CreditAdminRoutes(operators: operators).add(to: &endpoints)
            BudgetAdminRoutes(budgets: budgets).add(to: &endpoints)
            InvoiceAdminRoutes(operators: operators, invoices: invoices).add(to: &endpoints)
            MarginRoutes(operators: operators).add(to: &endpoints)
            LaneAdminRoutes(operators: operators).add(to: &endpoints)
            StatusRoutes(status: status).addReport(to: &endpoints)
            ServiceCreditRoutes(operators: operators).add(to: &endpoints)
            endpoints.open(.get, "/v1/admin/check") { _ in try .json(try await operations.check()) }
            endpoints.open(.get, "/v1/admin/migrations") { _ in try .json(try await operations.migrations()) }
            endpoints.open(.post, "/v1/admin/backups") { call in
                let request = try BackupRequest(reading: try await call.request.smallJSONBody())
                return try .json(try await operations.backUp(request), status: .created)
            }
        }
    }

    /// The server on a Unix socket, ready to run in a service group; `onServerRunning` is called once it is bound.
    package func application(
        socketPath: String, logger: Logger, onServerRunning: @escaping @Sendable () async -> Void = {}
    ) -> Application<RouterResponder<EdgeContext>> {
        EdgeRouter.application(
            router().router, environment, listeningOn: .unixDomainSocket(path: socketPath), logger: logger,
            onServerRunning: { _ in await onServerRunning() })
    }

    @Sendable private func createOrganization(_ call: Call) async throws -> Response {
        let request = try OrganizationRequest(reading: try await call.request.smallJSONBody())
        let made = try await operators.createOrganization(named: request.name)
        return try .json(
            OrganizationCreated(
                organizationID: made.organization.rawValue, name: request.name, keyID: made.key.id.rawValue,
                apiKey: made.secret.text), status: .created)
    }

    @Sendable private func showOrganization(_ call: Call) async throws -> Response {
        try .json(OrganizationBody(try await operators.organization(try call.id())))
    }

    @Sendable private func limitOrganization(_ call: Call) async throws -> Response {
        let limits = try OrganizationLimits(reading: try await call.request.smallJSONBody())
        let organization = try await operators.limitOrganization(
            try call.id(), weight: limits.weight, maxInFlight: limits.maxInFlight)
        return try .json(OrganizationBody(organization))
    }

    @Sendable private func createKey(_ call: Call) async throws -> Response {
        let request = try KeyRequest(reading: try await call.request.smallJSONBody())
        let organization: OrganizationID = try call.id()
        let made = try await operators.createKey(for: organization, label: request.name ?? "")
        return try .json(
            KeyCreated(
                organizationID: organization.rawValue, keyID: made.key.id.rawValue, apiKey: made.secret.text),
            status: .created)
    }

}

extension OrganizationBody {
    init(_ organization: OrganizationRecord) {
        self.init(
            id: organization.id.rawValue, name: organization.name, weight: organization.weight,
            maxInFlight: organization.maxInFlight, inFlight: organization.inFlight,
            lanes: Dictionary(uniqueKeysWithValues: organization.slots.map { ($0.key.rawValue, $0.value) }),
            createdAt: organization.createdAt.rfc3339)
    }
}
