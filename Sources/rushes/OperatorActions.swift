import RushesClient
import RushesWire

/// What an operator can do to an installation, whether a server runs on it or not.
protocol OperatorActions: Sendable {
    func createOrganization(_ request: OrganizationRequest) async throws -> OrganizationCreated
    func createKey(for organization: String, _ request: KeyRequest) async throws -> KeyCreated
    func purchase(_ request: PurchaseRequest) async throws -> PurchaseBody
    func catalogue() async throws -> CatalogueBody
    func applyCatalogue(_ catalogue: CatalogueBody) async throws -> CatalogueBody
    func check() async throws -> CheckBody
    func migrations() async throws -> MigrationsBody
}

extension AdminClient: OperatorActions {}
