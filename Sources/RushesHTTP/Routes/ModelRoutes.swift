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
            let bodies = try await batches.models().map { model, isAvailable in
                ModelBody(model, provider: batches.shownName(of: model.route.provider), isAvailable: isAvailable)
            }
            return try .json(ListBody(data: bodies, nextCursor: nil))
        }
    }
}
