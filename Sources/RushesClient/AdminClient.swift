internal import AsyncHTTPClient
public import RushesWire

/// Speaks to a running server as its operator, over the Unix socket in its data directory.
///
/// Who may open the socket (mode 0600) is the operator; there is no key. Nothing is repeated.
public struct AdminClient: Sendable {
    let exchange: Exchange

    /// Opens the socket, hands a client to `body`, and closes it when it returns.
    ///
    /// - Throws: what `body` throws; `RushesClientError.unreachable` when nobody listens.
    public static func withConnection<Result>(
        socketPath: String, _ body: (AdminClient) async throws -> Result
    ) async throws -> Result {
        try await Exchange.withHTTP { http in
            let root = "http+unix://" + percentEncoded(socketPath)
            let once = RetryPolicy(attemptsMax: 1) { _ in }
            return try await body(AdminClient(exchange: Exchange(http: http, root: root, apiKey: nil, retry: once)))
        }
    }

    /// Creates an organization with its first API key.
    ///
    /// - Throws: `RushesClientError`.
    public func createOrganization(_ request: OrganizationRequest) async throws -> OrganizationCreated {
        try await post("/v1/admin/organizations", request)
    }

    /// An organization with its weight, its limit and what it has under way.
    ///
    /// - Throws: `RushesClientError`.
    public func organization(_ id: String) async throws -> OrganizationBody {
        try await exchange.answer(.get("/v1/admin/organizations/\(percentEncoded(id))")).body
    }

    /// Sets an organization's weight and limit.
    ///
    /// - Throws: `RushesClientError`.
    public func limitOrganization(_ id: String, _ limits: OrganizationLimits) async throws -> OrganizationBody {
        let path = "/v1/admin/organizations/\(percentEncoded(id))/limits"
        return try await exchange.answer(.send(.put, path, content: .json(limits))).body
    }

    /// Creates a further API key.
    ///
    /// - Throws: `RushesClientError`.
    public func createKey(for organization: String, _ request: KeyRequest) async throws -> KeyCreated {
        try await post("/v1/admin/organizations/\(percentEncoded(organization))/keys", request)
    }

    /// How a month's promises were kept; nil stands for this month.
    ///
    /// - Throws: `RushesClientError`.
    public func serviceLevels(month: String?) async throws -> ServiceLevelReport {
        try await exchange.answer(.get("/v1/admin/sla", [("month", month)])).body
    }

    /// A version of the catalogue; the one in force when nothing is said.
    ///
    /// - Throws: `RushesClientError`.
    public func catalogue(version: Int? = nil) async throws -> CatalogueBody {
        try await exchange.answer(.get("/v1/admin/catalog", [("version", version.map(String.init))])).body
    }

    /// The versions of the catalogue, the newest first.
    ///
    /// - Throws: `RushesClientError`.
    public func catalogueVersions() async throws -> ListBody<PriceBookVersionBody> {
        try await exchange.answer(.get("/v1/admin/catalog/versions")).body
    }

    /// Puts a catalogue in force as the next version: now, or from a time to come, such as `2026-12-01T00:00:00Z`.
    ///
    /// - Throws: `RushesClientError`.
    public func applyCatalogue(_ catalogue: CatalogueBody, from date: String? = nil) async throws -> CatalogueBody {
        try await exchange.answer(
            .send(.put, "/v1/admin/catalog", [("from", date)], content: .json(catalogue))
        ).body
    }

    /// Verifies every invariant on live data.
    ///
    /// - Throws: `RushesClientError`.
    public func check() async throws -> CheckBody {
        try await exchange.answer(.get("/v1/admin/check", timeoutSeconds: 600)).body
    }

    /// The state of the schema.
    ///
    /// - Throws: `RushesClientError`.
    public func migrations() async throws -> MigrationsBody {
        try await exchange.answer(.get("/v1/admin/migrations")).body
    }

    /// Dumps the database on the server's machine and verifies the dump.
    ///
    /// - Throws: `RushesClientError`.
    public func backUp(_ request: BackupRequest) async throws -> BackupBody {
        try await exchange.answer(
            .send(.post, "/v1/admin/backups", content: .json(request), timeoutSeconds: 6 * 3_600)
        ).body
    }

    func post<Body: Decodable>(_ path: String, _ request: some Encodable) async throws -> Body {
        try await exchange.answer(.send(.post, path, content: .json(request))).body
    }
}
