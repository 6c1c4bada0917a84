import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// Tasks of a batch, and one task with its attempts.
struct TaskRoutes: Sendable {
    let batches: BatchService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/batches/{id}/tasks", list)
        endpoints.authorized(.get, "/v1/tasks/{id}", show)
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["status", "limit", "cursor"])
        let id: BatchID = try call.id()
        let states = try states(query["status"])
        let name = "tasks:\(id):\(query["status"] ?? "")"
        let (batch, page) = try await batches.tasks(
            of: id, organization: organization, after: place(query["cursor"], in: name), states: states,
            limit: query.limit())
        let next = page.hasMore ? page.items.last.map { Cursor.text(String($0.index), in: name) } : nil
        return try .json(
            ListBody(data: page.items.map { TaskBody($0, unitPrice: batch.unitPrice) }, nextCursor: next))
    }

    @Sendable private func show(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(TaskBody(try await batches.task(call.id(), of: organization)))
    }

    /// The states of a filter like `failed` or `queued,running`; none for no filter.
    private func states(_ filter: String?) throws(Problem) -> [VideoTask.State] {
        guard let filter else { return [] }
        var states: [VideoTask.State] = []
        for word in filter.split(separator: ",", omittingEmptySubsequences: false) {
            guard let state = VideoTask.State(rawValue: String(word)) else {
                let known = VideoTask.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(parameter: "status", "invalid_value", "status is one or more of \(known)")
            }
            if !states.contains(state) { states.append(state) }
        }
        return states
    }

    private func place(_ cursor: String?, in name: String) throws(Problem) -> Int {
        guard let cursor else { return -1 }
        guard let place = Int(try Cursor.position(cursor, in: name)) else { throw .invalidCursor }
        return place
    }
}
