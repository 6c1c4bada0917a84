import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

extension WebhookRoutes {
    func addDeliveries(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/webhook_endpoints/{id}/deliveries", deliveries)
        endpoints.authorized(.post, "/v1/webhook_endpoints/{id}/test", test)
        endpoints.authorized(.post, "/v1/webhook_endpoints/{id}/recover", recover)
        endpoints.authorized(.get, "/v1/webhook_recoveries/{id}", recovery)
        endpoints.authorized(.get, "/v1/webhook_deliveries/{id}", delivery)
        endpoints.authorized(.post, "/v1/webhook_deliveries/{id}/resend", resend)
    }

    @Sendable private func deliveries(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["limit", "cursor", "state"])
        let list = "webhook_deliveries"
        let state = try query["state"].map { text throws(Problem) -> WebhookDelivery.State in
            guard let state = WebhookDelivery.State(rawValue: text) else {
                let names = WebhookDelivery.State.allCases.map(\.rawValue).joined(separator: ", ")
                throw .invalid(parameter: "state", "invalid_value", "state is one of \(names)")
            }
            return state
        }
        let page = try await webhooks.deliveries(
            to: try call.id(), of: organization, before: query.cursor(in: list), state: state, limit: query.limit())
        return try .json(page.list(list, by: \.id) { WebhookDeliveryBody($0) })
    }

    @Sendable private func delivery(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(WebhookDeliveryBody(try await webhooks.delivery(try call.id(), of: organization)))
    }

    @Sendable private func resend(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: WebhookDeliveryID = try call.id()
        let request = try WebhookResendRequest(reading: try await call.request.smallJSONBody())
        let delivery = try await webhooks.resend(
            id, includeSucceeded: request.includeSucceeded ?? false, of: organization)
        return try .json(WebhookDeliveryBody(delivery), status: .accepted)
    }

    @Sendable private func test(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: WebhookEndpointID = try call.id()
        let request = try WebhookTestRequest(reading: try await call.request.smallJSONBody())
        let name = request.type ?? EventType.webhookPing.rawValue
        guard let type = EventType(rawValue: name), type.isDelivered else {
            throw Problem.invalid("/type", "webhook_event_type_unknown", "there is no event \(name.prefix(64))")
        }
        return try .json(WebhookDeliveryBody(try await webhooks.test(id, type, of: organization)))
    }

    @Sendable private func recover(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: WebhookEndpointID = try call.id()
        let request = try WebhookRecoverRequest(reading: try await call.request.smallJSONBody())
        let since = try Timestamp(request.since, at: "/since")
        let until = try request.until.map { text throws(Problem) in try Timestamp(text, at: "/until") }
        let answer = try await webhooks.recover(
            id, since: since, until: until, isDryRun: request.dryRun ?? false, of: organization)
        switch answer {
        case .count(let total):
            return try .json(
                WebhookRecoveryBody(
                    id: nil, endpointID: id.rawValue, status: "dry_run", total: total, enqueued: 0,
                    since: since.rfc3339, until: until?.rfc3339, endedAt: nil))
        case .begun(let recovery):
            return try .json(WebhookRecoveryBody(recovery), status: .accepted)
        }
    }

    @Sendable private func recovery(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(WebhookRecoveryBody(try await webhooks.recovery(try call.id(), of: organization)))
    }
}
