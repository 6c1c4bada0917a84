package import RushesCore
package import RushesDatabase

/// A delivery whose body and attempts have been kept for their time.
package struct ExpiredDelivery: Sendable, Equatable {
    /// The delivery.
    package let id: WebhookDeliveryID
    /// Its event.
    package let event: EventID

    /// A delivery from its parts.
    package init(id: WebhookDeliveryID, event: EventID) {
        self.id = id
        self.event = event
    }
}

extension SQLReading {
    /// Deliveries that ended a retention time ago or longer and are still kept whole, the oldest first.
    package func expiredDeliveries(limit: Int) throws(DatabaseError) -> [ExpiredDelivery] {
        try query(
            """
            SELECT id, event_id FROM webhook_delivery
            WHERE ended_at IS NOT NULL AND expunged_at IS NULL AND ended_at <= $1 ORDER BY ended_at, id LIMIT $2
            """, [.time(retentionEnd), .int(limit)]
        ).map { row throws(DatabaseError) in
            ExpiredDelivery(
                id: try row.id(0, WebhookDeliveryIdentity.self), event: try row.id(1, EventIdentity.self))
        }
    }

    /// What ended by then has been kept for its time.
    fileprivate var retentionEnd: Timestamp {
        now.adding(milliseconds: -Limits.webhookRetentionMilliseconds)
    }
}

extension SQLTransaction {
    /// Those of some events whose bodies are still there; they stay until the end of the transaction, which may make
    /// new deliveries of them.
    package func lockWebhookBodies(of events: Set<EventID>) throws(DatabaseError) -> Set<EventID> {
        if events.isEmpty { return [] }
        let list = SQLList(events.sorted().map(\.rawValue))
        return Set(
            try query(
                """
                SELECT event_id FROM webhook_message WHERE event_id IN (\(list.places)) AND body <> ''
                ORDER BY event_id\(dialect.forUpdate)
                """, list.values
            ).map { row throws(DatabaseError) in try row.id(0, EventIdentity.self) })
    }

    /// Removes the attempts of deliveries whose time is over, and the bodies that no other delivery needs; answers how
    /// many deliveries there were. What they are and how they ended stays.
    package func expunge(_ expired: [ExpiredDelivery]) throws(DatabaseError) -> Int {
        if expired.isEmpty { return 0 }
        let deliveries = SQLList(expired.map(\.id.rawValue), from: 3)
        let events = Set(expired.map(\.event))
        _ = try lockWebhookBodies(of: events)
        let marked = try execute(
            """
            UPDATE webhook_delivery SET expunged_at = $1
            WHERE expunged_at IS NULL AND ended_at <= $2 AND id IN (\(deliveries.places))
            """, [.time(now), .time(retentionEnd)] + deliveries.values)
        let ids = SQLList(expired.map(\.id.rawValue))
        try execute("DELETE FROM webhook_attempt WHERE delivery_id IN (\(ids.places))", ids.values)
        let list = SQLList(events.sorted().map(\.rawValue))
        try execute(
            """
            UPDATE webhook_message SET body = '' WHERE event_id IN (\(list.places)) AND body <> ''
              AND NOT EXISTS (SELECT 1 FROM webhook_delivery d
                WHERE d.event_id = webhook_message.event_id AND d.expunged_at IS NULL)
            """, list.values)
        return marked
    }
}
