package import RushesCore
package import RushesDatabase

/// An event as it is sent: rendered once, the same bytes for every attempt and every replay.
package struct RenderedEvent: Sendable, Equatable {
    /// The event; `webhook-id` on the wire.
    package let id: EventID
    /// Whose.
    package let organization: OrganizationID
    /// What happened.
    package let type: String
    /// The body.
    package let body: String

    /// A message from its parts.
    package init(id: EventID, organization: OrganizationID, type: String, body: String) {
        self.id = id
        self.organization = organization
        self.type = type
        self.body = body
    }
}

extension SQLReading {
    /// Bodies of events by their ids; those that were removed after their time are left out.
    package func webhookBodies(of events: Set<EventID>) throws(DatabaseError) -> [EventID: String] {
        if events.isEmpty { return [:] }
        let list = SQLList(events.sorted().map(\.rawValue))
        var bodies: [EventID: String] = [:]
        for row in try query(
            "SELECT event_id, body FROM webhook_message WHERE event_id IN (\(list.places)) AND body <> ''",
            list.values)
        {
            bodies[try row.id(0, EventIdentity.self)] = try row.text(1)
        }
        return bodies
    }

    /// The attempts of a delivery, in order.
    package func webhookAttempts(of delivery: WebhookDeliveryID) throws(DatabaseError) -> [WebhookAttempt] {
        try query(
            """
            SELECT number, started_at, url, failure, status, total_ms, detail FROM webhook_attempt
            WHERE delivery_id = $1 ORDER BY number
            """, [.text(delivery.rawValue)]
        ).map { row throws(DatabaseError) in
            WebhookAttempt(
                delivery: delivery, number: try row.int(0), startedAt: try row.time(1), url: try row.text(2),
                failure: try row.optionalValue(3, DeliveryFailure.self),
                status: try row.optionalInteger(4).map(Int.init), totalMilliseconds: try row.integer(5),
                detail: try JSONText.decode(WebhookAttemptDetail.self, from: try row.text(6)))
        }
    }
}

extension SQLTransaction {
    /// Adds messages that are not there yet.
    package func insert(_ messages: [RenderedEvent]) throws(DatabaseError) {
        if messages.isEmpty { return }
        try bulkInsert(
            "webhook_message", ["event_id", "organization_id", "type", "body", "sha256", "created_at"],
            messages.map { message in
                [
                    .text(message.id.rawValue), .text(message.organization.rawValue), .text(message.type),
                    .text(message.body), .text(sha256Hex(Array(message.body.utf8))), .time(now),
                ]
            })
    }

    /// Adds attempts to the log.
    package func insert(_ attempts: [WebhookAttempt]) throws(DatabaseError) {
        if attempts.isEmpty { return }
        try bulkInsert(
            "webhook_attempt",
            ["delivery_id", "number", "started_at", "url", "failure", "status", "total_ms", "detail"],
            attempts.map { attempt throws(DatabaseError) in
                [
                    .text(attempt.delivery.rawValue), .int(attempt.number), .time(attempt.startedAt),
                    .text(attempt.url), .optional(attempt.failure?.rawValue),
                    .optional(attempt.status.map(Int64.init)), .integer(attempt.totalMilliseconds),
                    .text(try JSONText.encode(attempt.detail)),
                ]
            })
    }
}
