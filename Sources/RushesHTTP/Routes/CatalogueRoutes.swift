import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// The price book: what is for sale, from when on.
struct CatalogueRoutes: Sendable {
    let operators: OperatorService

    private static let catalogueBytesMax = 1 << 20

    func add(to endpoints: inout Endpoints) {
        endpoints.open(.get, "/v1/admin/catalog", show)
        endpoints.open(.put, "/v1/admin/catalog", apply)
        endpoints.open(.get, "/v1/admin/catalog/versions", versions)
    }

    @Sendable private func show(_ call: Call) async throws -> Response {
        let version = try call.query(["version"]).integer("version", 1...Int(Int32.max))
        return try .json(CatalogueBody(try await operators.priceBook(version: version)))
    }

    @Sendable private func apply(_ call: Call) async throws -> Response {
        let date = try call.query(["from"])["from"].map { text throws(Problem) in
            guard let moment = Timestamp(rfc3339: text) else {
                throw .invalid(parameter: "from", "invalid_value", "a time like 2026-12-01T00:00:00Z")
            }
            return moment
        }
        let bytes = try await call.request.smallJSONBody(upTo: Self.catalogueBytesMax)
        let catalogue = try CatalogueBody.catalogue(reading: bytes)
        let version = try await operators.apply(catalogue, from: date)
        return try .json(CatalogueBody(try await operators.priceBook(version: version)))
    }

    @Sendable private func versions(_ call: Call) async throws -> Response {
        _ = try call.query([])
        let versions = try await operators.priceBookVersions()
        return try .json(
            ListBody(data: versions.map { PriceBookVersionBody($0.version, $0.standing) }, nextCursor: nil))
    }
}
