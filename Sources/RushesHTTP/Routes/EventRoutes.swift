import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// The organization's feed: everything that happened to its work and its wallet, in order and without gaps.
struct EventRoutes: Sendable {
    let credits: CreditService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/events", events)
    }

    @Sendable private func events(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["after", "limit"])
        let page = try await credits.events(
            of: organization, after: try query.integer("after", 0...Int.max) ?? 0, limit: query.limit())
        // The place itself is the cursor: a reader keeps the last `seq` that it has seen and asks for what is after it.
        let next = page.hasMore ? page.items.last.flatMap(\.sequence).map { String($0) } : nil
        return try .json(ListBody(data: page.items.map(EventBody.init), nextCursor: next))
    }
}
