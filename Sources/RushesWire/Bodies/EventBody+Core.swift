package import RushesCore

extension EventBody {
    /// An event as the feed shows it and as webhooks carry it: the one place for what each event tells.
    package init(_ snapshot: EventSnapshot) {
        self.init(
            id: snapshot.id.rawValue, seq: Int64(snapshot.sequence ?? 0), type: snapshot.type,
            batchID: snapshot.batch?.id.rawValue, taskID: snapshot.task?.id.rawValue, data: snapshot.eventData,
            createdAt: snapshot.createdAt.rfc3339)
    }
}

extension EventSnapshot {
    fileprivate var eventData: [String: EventValue] {
        let told = data.filter { !Self.internalNames.contains($0.key) }
        var members = Dictionary(
            uniqueKeysWithValues: told.map { ($0.key, EventValue(text: $0.value, named: $0.key)) })
        let isOfBatch = task == nil && EventType(rawValue: type) != .tasksSettled
        if let batch { members.merge(isOfBatch ? batch.members : batch.names) { own, _ in own } }
        if let task { members.merge(task.members) { own, _ in own } }
        if EventType(rawValue: type) == .tasksSettled {
            members["results"] = .list(results.map { .object($0.members) })
            if batch?.areTasksRemoved == true { members["results_removed"] = .flag(true) }
        }
        return members
    }

    /// What an event's row keeps to find its results.
    private static let internalNames: Set<String> = ["first_end", "last_end"]
}

extension EventBatch {
    /// What a receiver finds the batch by.
    fileprivate var names: [String: EventValue] {
        ["batch_id": .text(id.rawValue), "request_id": .text(requestID)]
    }

    fileprivate var members: [String: EventValue] {
        var members = names
        members["name"] = name.map(EventValue.text) ?? .null
        members["model"] = .text(model)
        members["total"] = .integer(Int64(total))
        members["frozen_micros"] = .integer(frozen.micros)
        if let ending { members["settlement"] = .object(ending.members(frozen: frozen)) }
        return members
    }
}

extension EventBatch.Ending {
    /// What finance needs to book the batch from its last event.
    fileprivate func members(frozen: Credits) -> [String: EventValue] {
        [
            "succeeded": .integer(Int64(succeeded)), "failed": .integer(Int64(failed)),
            "frozen_micros": .integer(frozen.micros), "charged_micros": .integer(charged.micros),
            "refunded_micros": .integer(refunded.micros),
            "ledger_transaction_ids": .list(transactions.map { .text($0.rawValue) }),
        ]
    }
}

extension EventTask {
    fileprivate var members: [String: EventValue] {
        var members: [String: EventValue] = ["task_id": .text(id.rawValue), "custom_id": .text(customID)]
        if let asset {
            members["status"] = .text("succeeded")
            members["asset_id"] = .text(asset.rawValue)
        } else if let failure {
            members["status"] = .text("failed")
            members["failure_type"] = .text(failure.rawValue)
        }
        return members
    }
}

extension EventValue {
    private static let counts: Set<String> = [
        "succeeded", "failed", "queued", "running", "total", "attempt", "part", "parts",
        "failed_attempts",
    ]

    /// Amounts and counts are numbers on the wire; the event's row keeps them as text.
    fileprivate init(text: String, named name: String) {
        let isNumber = name.hasSuffix("_micros") || Self.counts.contains(name)
        self = isNumber ? Int64(text).map(EventValue.integer) ?? .text(text) : .text(text)
    }
}
