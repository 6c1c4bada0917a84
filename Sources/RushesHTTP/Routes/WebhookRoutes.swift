import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// A customer's endpoints for events, their secrets, and what was sent to them.
struct WebhookRoutes: Sendable {
    let webhooks: WebhookService

    func add(to endpoints: inout Endpoints) {
        endpoints.authorized(.get, "/v1/webhook_endpoints", list)
        endpoints.authorized(.post, "/v1/webhook_endpoints", create)
        endpoints.authorized(.get, "/v1/webhook_endpoints/{id}", show)
        endpoints.authorized(.patch, "/v1/webhook_endpoints/{id}", change)
        endpoints.authorized(.delete, "/v1/webhook_endpoints/{id}", delete)
        endpoints.authorized(.post, "/v1/webhook_endpoints/{id}/disable", disable)
        endpoints.authorized(.post, "/v1/webhook_endpoints/{id}/enable", enable)
        endpoints.authorized(.get, "/v1/webhook_endpoints/{id}/secrets", secrets)
        endpoints.authorized(.post, "/v1/webhook_endpoints/{id}/secrets", rotate)
        addDeliveries(to: &endpoints)
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let endpoints = try await webhooks.endpoints(of: organization)
        return try .json(ListBody(data: endpoints.map { WebhookEndpointBody($0) }, nextCursor: nil))
    }

    @Sendable private func create(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let request = try WebhookEndpointRequest(reading: try await call.request.smallJSONBody())
        let made = try await webhooks.create(try WebhookEndpointChange(request), for: organization)
        let body = WebhookEndpointBody(made.endpoint, secret: WebhookSecretBody(made.secret))
        return try .json(body, status: .created, headers: made.endpoint.tag)
    }

    @Sendable private func show(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let endpoint = try await webhooks.endpoint(try call.id(), of: organization)
        return try .json(WebhookEndpointBody(endpoint), headers: endpoint.tag)
    }

    @Sendable private func change(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: WebhookEndpointID = try call.id()
        let request = try WebhookEndpointRequest(reading: try await call.request.smallJSONBody())
        let endpoint = try await webhooks.change(
            id, try WebhookEndpointChange(request), ifRevision: try call.wantedRevision(), of: organization)
        return try .json(WebhookEndpointBody(endpoint), headers: endpoint.tag)
    }

    @Sendable private func delete(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        try await webhooks.delete(try call.id(), of: organization)
        return Response(status: .noContent)
    }

    @Sendable private func disable(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        return try .json(WebhookEndpointBody(try await webhooks.disable(try call.id(), of: organization)))
    }

    @Sendable private func enable(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: WebhookEndpointID = try call.id()
        let request = try WebhookEnableRequest(reading: try await call.request.smallJSONBody())
        let endpoint = try await webhooks.enable(id, force: request.force ?? false, of: organization)
        return try .json(WebhookEndpointBody(endpoint))
    }

    @Sendable private func secrets(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let secrets = try await webhooks.secrets(of: try call.id(), in: organization)
        return try .json(ListBody(data: secrets.map { WebhookSecretBody($0) }, nextCursor: nil))
    }

    @Sendable private func rotate(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let id: WebhookEndpointID = try call.id()
        let request = try WebhookRotationRequest(reading: try await call.request.smallJSONBody())
        let overlap = request.expirePreviousIn ?? Limits.webhookSecretOverlapSecondsDefault
        let secret = try await webhooks.rotate(id, overlapSeconds: overlap, of: organization)
        return try .json(WebhookSecretBody(secret), status: .created)
    }
}

extension WebhookEndpointChange {
    /// What a request changes.
    ///
    /// - Throws: `Problem` for a profile that there is not.
    fileprivate init(_ request: WebhookEndpointRequest) throws(Problem) {
        self.init()
        url = request.url
        description = request.description
        eventTypes = request.eventTypes
        if let name = request.retryProfile {
            guard let known = RetryProfile(rawValue: name) else {
                let names = RetryProfile.allCases.map(\.rawValue).joined(separator: " or ")
                throw .invalid("/retry_profile", "invalid_value", "retry_profile is \(names)")
            }
            profile = known
        }
        maxPerSecond = request.maxPerSecond
        maxInFlight = request.maxInFlight
    }
}

extension WebhookEndpoint {
    fileprivate var tag: HTTPFields { [.eTag: "\"r\(revision)\""] }
}

extension Call {
    /// The revision that a change is made for, from `If-Match`; nil for any.
    ///
    /// - Throws: `Problem` for a tag that no answer has had.
    fileprivate func wantedRevision() throws(Problem) -> Int? {
        guard let text = request.headers[.ifMatch], text != "*" else { return nil }
        guard text.hasPrefix("\"r"), text.hasSuffix("\""), let revision = Int(text.dropFirst(2).dropLast()) else {
            throw .malformed("invalid_if_match", "If-Match is the ETag of an answer, as \"r1\"")
        }
        return revision
    }
}
