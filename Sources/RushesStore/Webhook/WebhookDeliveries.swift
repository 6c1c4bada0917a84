package import RushesCore
package import RushesDatabase

let deliveryColumns = """
    id, organization_id, endpoint_id, event_id, event_seq, type, replay, cause, state, attempts, attempts_max, due_at,
    lease_ends_at, failure, created_at, ended_at, is_replayed, expunged_at
    """

extension SQLRow {
    func webhookDelivery() throws(DatabaseError) -> WebhookDelivery {
        WebhookDelivery(
            id: try id(0, WebhookDeliveryIdentity.self), organization: try id(1, OrganizationIdentity.self),
            endpoint: try id(2, WebhookEndpointIdentity.self), event: try id(3, EventIdentity.self),
            eventSequence: try optionalInteger(4).map(Int.init), type: try text(5), replay: try int(6),
            trigger: try value(7, WebhookDelivery.Trigger.self), state: try value(8, WebhookDelivery.State.self),
            attempts: try int(9), attemptsMax: try int(10), dueAt: try time(11), leaseEndsAt: try optionalTime(12),
            failure: try optionalValue(13, DeliveryFailure.self),
            createdAt: try time(14), endedAt: try optionalTime(15), isReplayed: try int(16) == 1,
            expungedAt: try optionalTime(17))
    }
}

extension SQLReading {
    /// A delivery of an organization.
    package func webhookDelivery(
        _ id: WebhookDeliveryID, of organization: OrganizationID
    ) throws(DatabaseError) -> WebhookDelivery? {
        try query(
            "SELECT \(deliveryColumns) FROM webhook_delivery WHERE id = $1 AND organization_id = $2",
            [.text(id.rawValue), .text(organization.rawValue)]
        ).first?.webhookDelivery()
    }

    /// Deliveries to an endpoint, newest first, before one of them; with a state only those in it.
    package func webhookDeliveries(
        to endpoint: WebhookEndpointID, before id: WebhookDeliveryID?, state: WebhookDelivery.State?, limit: Int
    ) throws(DatabaseError) -> [WebhookDelivery] {
        var values: [SQLValue] = [.text(endpoint.rawValue), .text(id?.rawValue ?? "dlv_~")]
        if let state { values.append(.text(state.rawValue)) }
        values.append(.int(limit))
        return try query(
            """
            SELECT \(deliveryColumns) FROM webhook_delivery
            WHERE endpoint_id = $1 AND id < $2\(state == nil ? "" : " AND state = $3")
            ORDER BY id DESC LIMIT $\(values.count)
            """, values
        ).map { row throws(DatabaseError) in try row.webhookDelivery() }
    }

    /// What waits in an endpoint's queue, in the order of its times.
    package func queueHead(
        of endpoint: WebhookEndpointID, limit: Int
    ) throws(DatabaseError) -> [WebhookDelivery] {
        try query(
            """
            SELECT \(deliveryColumns) FROM webhook_delivery WHERE endpoint_id = $1 AND state = 'pending'
            ORDER BY due_at, id LIMIT $2
            """, [.text(endpoint.rawValue), .int(limit)]
        ).map { row throws(DatabaseError) in try row.webhookDelivery() }
    }

    /// Deliveries whose worker has not come back in time.
    package func lostDeliveries(limit: Int) throws(DatabaseError) -> [WebhookDelivery] {
        try query(
            """
            SELECT \(deliveryColumns) FROM webhook_delivery WHERE state = 'sending' AND lease_ends_at < $1
            ORDER BY lease_ends_at, id LIMIT $2
            """, [.time(now), .int(limit)]
        ).map { row throws(DatabaseError) in try row.webhookDelivery() }
    }

    /// Messages under way, by endpoint: there are never more than the nodes send at the same time.
    package func deliveriesUnderWay() throws(DatabaseError) -> [WebhookEndpointID: Int] {
        var counts: [WebhookEndpointID: Int] = [:]
        for row in try query(
            "SELECT endpoint_id FROM webhook_delivery WHERE state = 'sending' AND lease_ends_at > 0", [])
        {
            counts[try row.id(0, WebhookEndpointIdentity.self), default: 0] += 1
        }
        return counts
    }

    /// What was sent to an endpoint in vain and not sent once more, in the order of the events, after a place.
    package func lostDeliveries(
        to endpoint: WebhookEndpointID, since: Timestamp, until: Timestamp, after sequence: Int, limit: Int
    ) throws(DatabaseError) -> [WebhookDelivery] {
        try query(
            """
            SELECT \(deliveryColumns) FROM webhook_delivery
            WHERE endpoint_id = $1 AND event_seq > $2 AND is_replayed = 0 AND event_seq IS NOT NULL
              AND (state = 'exhausted' OR state = 'skipped') AND created_at >= $3 AND created_at <= $4
            ORDER BY event_seq LIMIT $5
            """,
            [.text(endpoint.rawValue), .int(sequence), .time(since), .time(until), .int(limit)]
        ).map { row throws(DatabaseError) in try row.webhookDelivery() }
    }

    /// The newest replay of an event to an endpoint.
    package func newestReplay(
        of event: EventID, to endpoint: WebhookEndpointID
    ) throws(DatabaseError) -> WebhookDelivery? {
        try query(
            """
            SELECT \(deliveryColumns) FROM webhook_delivery WHERE event_id = $1 AND endpoint_id = $2
            ORDER BY replay DESC LIMIT 1
            """, [.text(event.rawValue), .text(endpoint.rawValue)]
        ).first?.webhookDelivery()
    }
}

extension SQLTransaction {
    /// Adds deliveries to locked endpoints, whose queues are looked at when they are due.
    package func insert(_ deliveries: [WebhookDelivery]) throws(DatabaseError) {
        if deliveries.isEmpty { return }
        try bulkInsert(
            "webhook_delivery", deliveryColumns.split(whereSeparator: { ", \n".contains($0) }).map(String.init),
            deliveries.map { delivery in
                [
                    .text(delivery.id.rawValue), .text(delivery.organization.rawValue),
                    .text(delivery.endpoint.rawValue), .text(delivery.event.rawValue),
                    .optional(delivery.eventSequence.map(Int64.init)), .text(delivery.type), .int(delivery.replay),
                    .text(delivery.trigger.rawValue), .text(delivery.state.rawValue), .int(delivery.attempts),
                    .int(delivery.attemptsMax), .time(delivery.dueAt), .time(delivery.leaseEndsAt),
                    .optional(delivery.failure?.rawValue), .time(delivery.createdAt), .time(delivery.endedAt),
                    .flag(delivery.isReplayed), .time(delivery.expungedAt),
                ]
            })
        try callForLooks(at: deliveries)
    }

    /// Writes deliveries by compare-and-swap on state and attempts; answers for each whether it won. The endpoints of
    /// those that wait afterwards are locked.
    package func swap(
        _ steps: [(before: WebhookDelivery, after: WebhookDelivery)]
    ) throws(DatabaseError) -> [Bool] {
        if steps.isEmpty { return [] }
        let order = steps.indices.sorted { (steps[$0].before.id, $0) < (steps[$1].before.id, $1) }
        let changed = try updateMany(
            Self.deliverySwap,
            order.map { index in
                let (before, after) = steps[index]
                return [
                    .text(after.state.rawValue), .int(after.attempts), .time(after.dueAt), .time(after.leaseEndsAt),
                    .optional(after.failure?.rawValue), .time(after.endedAt), .flag(after.isReplayed),
                    .text(before.id.rawValue), .text(before.state.rawValue), .int(before.attempts),
                ]
            })
        var won = Array(repeating: false, count: steps.count)
        for (index, changed) in zip(order, changed) { won[index] = changed }
        try callForLooks(at: steps.map(\.after))
        return won
    }

    private static var deliverySwap: RowUpdate {
        RowUpdate(
            "webhook_delivery",
            set: [
                .init("state", .text), .init("attempts", .integer), .init("due_at", .integer),
                .init("lease_ends_at", .integer), .init("failure", .text), .init("ended_at", .integer),
                .init("is_replayed", .integer),
            ], where: [.init("id", .text), .init("state", .text), .init("attempts", .integer)])
    }

    /// Deliveries to a locked endpoint that wait in a state, oldest first.
    package func waitingDeliveries(
        to endpoint: WebhookEndpointID, _ state: WebhookDelivery.State, limit: Int
    ) throws(DatabaseError) -> [WebhookDelivery] {
        try query(
            """
            SELECT \(deliveryColumns) FROM webhook_delivery
            WHERE endpoint_id = $1 AND state = $2 AND (state = 'pending' OR state = 'held') ORDER BY id LIMIT $3
            """, [.text(endpoint.rawValue), .text(state.rawValue), .int(limit)]
        ).map { row throws(DatabaseError) in try row.webhookDelivery() }
    }
}
