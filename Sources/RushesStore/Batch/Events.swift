package import RushesCore
package import RushesDatabase

/// Something that happened to an organization's work or wallet, in the order of its feed.
package struct Event: Sendable, Equatable {
    /// What happened, such as `batch.completed`.
    package let type: String
    /// The batch.
    package let batch: BatchID?
    /// The task.
    package let task: TaskID?
    /// More about it.
    package let data: [String: String]

    /// An event from its parts.
    package init(type: String, batch: BatchID?, task: TaskID? = nil, data: [String: String] = [:]) {
        self.type = type
        self.batch = batch
        self.task = task
        self.data = data
    }

    /// One of the events that organizations are told of.
    package init(_ type: EventType, batch: BatchID? = nil, task: TaskID? = nil, data: [String: String] = [:]) {
        self.init(type: type.rawValue, batch: batch, task: task, data: data)
    }
}

/// An event with its place in its organization's feed.
package struct PostedEvent: Sendable, Equatable {
    /// The event.
    package let id: EventID
    /// The place, from 1 without gaps.
    package let sequence: Int
    /// What happened.
    package let event: Event
    /// When.
    package let createdAt: Timestamp
}

extension SQLReading {
    /// Events of an organization's feed after a place, in order.
    package func events(
        of organization: OrganizationID, after sequence: Int, limit: Int
    ) throws(DatabaseError) -> [PostedEvent] {
        try query(
            """
            SELECT id, seq, type, batch_id, task_id, data, created_at FROM event
            WHERE organization_id = $1 AND seq > $2 ORDER BY seq LIMIT $3
            """, [.text(organization.rawValue), .int(sequence), .int(limit)]
        ).map { row throws(DatabaseError) in
            PostedEvent(
                id: try row.id(0, EventIdentity.self), sequence: try row.int(1),
                event: Event(
                    type: try row.text(2), batch: try row.optionalText(3).map(BatchID.init(trusted:)),
                    task: try row.optionalText(4).map(TaskID.init(trusted:)),
                    data: try JSONText.pairs(from: try row.text(5))),
                createdAt: try row.time(6))
        }
    }
}

extension SQLTransaction {
    /// Appends events to an organization's feed; takes the wallet's row, the last lock of the order.
    package func append(_ events: [Event], to organization: OrganizationID, ids: any IDSource)
        throws(DatabaseError)
    {
        if events.isEmpty { return }
        let rows = try query(
            "UPDATE wallet SET event_seq = event_seq + $1 WHERE organization_id = $2 RETURNING event_seq",
            [.int(events.count), .text(organization.rawValue)])
        let first = try rows[0].int(0) - events.count + 1
        let values = try events.enumerated().map { index, event throws(DatabaseError) -> [SQLValue] in
            [
                .text(organization.rawValue), .int(first + index), .text(ids.next(EventIdentity.self).rawValue),
                .text(event.type), .optional(event.batch?.rawValue), .optional(event.task?.rawValue),
                .text(try JSONText.encode(event.data)), .time(now),
            ]
        }
        try bulkInsert(
            "event", ["organization_id", "seq", "id", "type", "batch_id", "task_id", "data", "created_at"], values)
    }
}
