import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// What can be ordered.
struct ModelRoutes: Sendable {
    let batches: BatchService

    func add(to endpoints: inout Endpoints) {
        let batches = batches
        endpoints.authorized(.get, "/v1/models") { call, _ in
            _ = try call.query([])
            let book = try await batches.priceBook()
            let bodies = book.catalogue.models.map { model in
                ModelBody(model, provider: batches.shownName(of: model.route.provider))
            }
            return try .json(ListBody(data: bodies, nextCursor: nil))
        }
    }
}
