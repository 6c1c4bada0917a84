import RushesCore
import RushesDatabase
import RushesStore
import RushesTesting

extension StoreWorld {
    /// An endpoint that was sent one ping, and has taken it.
    func sendPing() async throws -> WebhookDeliveryID {
        let (organization, ids) = (organization, ids)
        return try await database.write { transaction in
            _ = try transaction.makeWebhookCursor(organization)
            let endpoint = WebhookEndpoint(
                id: ids.next(WebhookEndpointIdentity.self), organization: organization,
                settings: WebhookEndpointSettings(url: "https://example.com/"), createdAt: transaction.now,
                changedAt: transaction.now)
            try transaction.insert(endpoint)
            let event = ids.next(EventIdentity.self)
            try transaction.insert([
                RenderedEvent(id: event, organization: organization, type: "webhook.ping", body: "{}")
            ])
            let delivery = WebhookDelivery(
                id: ids.next(WebhookDeliveryIdentity.self), organization: organization, endpoint: endpoint.id,
                event: event, eventSequence: nil, type: "webhook.ping", replay: 0, trigger: .test, state: .succeeded,
                attempts: 1, attemptsMax: 1, dueAt: transaction.now, leaseEndsAt: nil, failure: nil,
                createdAt: transaction.now, endedAt: transaction.now, isReplayed: false)
            try transaction.insert([delivery])
            try transaction.insert([
                WebhookAttempt(
                    delivery: delivery.id, number: 1, startedAt: transaction.now, url: "https://example.com/",
                    failure: nil, status: 204, totalMilliseconds: 3, detail: WebhookAttemptDetail())
            ])
            return delivery.id
        }
    }
}
