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
        let next = page.hasMore ? page.items.last.map { String($0.sequence) } : nil
        return try .json(ListBody(data: page.items.map(EventBody.init), nextCursor: next))
    }
}

extension EventBody {
    init(_ posted: PostedEvent) {
        let event = posted.event
        self.init(
            id: posted.id.rawValue, seq: Int64(posted.sequence), type: event.type, batchID: event.batch?.rawValue,
            taskID: event.task?.rawValue,
            data: Dictionary(uniqueKeysWithValues: event.data.map { ($0.key, EventValue($0.value, named: $0.key)) }),
            createdAt: posted.createdAt.rfc3339)
    }
}

extension EventValue {
    /// Amounts and counts are numbers on the wire; the feed keeps them as text.
    fileprivate init(_ text: String, named name: String) {
        let isNumber = name.hasSuffix("_micros") || name == "succeeded" || name == "failed"
        self = isNumber ? Int64(text).map(EventValue.integer) ?? .text(text) : .text(text)
    }
}
