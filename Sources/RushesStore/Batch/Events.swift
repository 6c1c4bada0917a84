package import RushesCore
package import RushesDatabase

/// Something that happened to an organization's work, in the order of its feed.
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
}

extension SQLTransaction {
    /// Appends events to an organization's feed; takes the wallet's row, the last lock of the order.
    package func append(_ events: [Event], to organization: OrganizationID, ids: any IDSource) throws {
        if events.isEmpty { return }
        let rows = try query(
            "UPDATE wallet SET event_seq = event_seq + $1 WHERE organization_id = $2 RETURNING event_seq",
            [.int(events.count), .text(organization.rawValue)])
        let first = try rows[0].int(0) - events.count + 1
        let values = try events.enumerated().map { index, event -> [SQLValue] in
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
