/// Everything that an organization is told of, by the names that the feed and webhooks use.
package enum EventType: String, Sendable, CaseIterable {
    case batchQueued = "batch.queued"
    case batchProcessing = "batch.processing"
    case batchProgress = "batch.progress"
    case batchCompleted = "batch.completed"
    case batchPartial = "batch.partial"
    case batchFailed = "batch.failed"
    case batchCancelled = "batch.cancelled"
    case taskSucceeded = "task.succeeded"
    case taskFailed = "task.failed"
    case taskLeaked = "task.leaked"
    case tasksSettled = "tasks.settled"
    case walletLowBalance = "wallet.low_balance"
    case walletToppedUp = "wallet.topped_up"
    case invoiceIssued = "invoice.issued"
    case webhookPing = "webhook.ping"
    case webhookEndpointDisabled = "webhook.endpoint_disabled"

    /// True for what webhooks carry. A leaked attempt stays in the feed: it costs the operator, not the customer.
    package var isDelivered: Bool { self != .taskLeaked }

    /// True for the ends of a batch.
    package var isBatchEnding: Bool {
        switch self {
        case .batchCompleted, .batchPartial, .batchFailed: true
        case .batchQueued, .batchProcessing, .batchProgress, .batchCancelled, .taskSucceeded, .taskFailed, .taskLeaked,
            .tasksSettled, .walletLowBalance, .walletToppedUp, .invoiceIssued, .webhookPing, .webhookEndpointDisabled:
            false
        }
    }

    /// True for what is written only where somebody asks for it: it would be an event for each task, or for each few
    /// seconds.
    package var isOnDemand: Bool { self == .taskSucceeded || self == .taskFailed || self == .batchProgress }
}

/// The events that an endpoint takes: names, whole families as `batch.*`, or `*` for all.
package struct EventFilter: Sendable, Equatable {
    /// The patterns, in the customer's order.
    package let patterns: [String]

    /// What an endpoint takes that was made without a choice: everything but what is written on demand.
    package static let standard = EventFilter(
        trusted: EventType.allCases.filter { $0.isDelivered && !$0.isOnDemand }.map(\.rawValue))

    /// A pattern that names nothing.
    package struct UnknownEventType: Error, Sendable, Equatable {
        /// The pattern.
        package let pattern: String

        /// A pattern that was refused.
        package init(pattern: String) {
            self.pattern = pattern
        }
    }

    /// A filter of known patterns; empty lists are refused by the reader of the request.
    ///
    /// - Throws: `UnknownEventType`.
    package init(_ patterns: [String]) throws(UnknownEventType) {
        for pattern in patterns where !EventType.allCases.contains(where: { Self.matches(pattern, $0) }) {
            throw UnknownEventType(pattern: pattern)
        }
        self.patterns = patterns
    }

    /// A filter as it stands in the database.
    package init(trusted patterns: [String]) {
        self.patterns = patterns
    }

    /// True when the endpoint takes an event. Pings go to every endpoint, by whom they are asked for.
    package func takes(_ type: EventType) -> Bool {
        type.isDelivered && patterns.contains { Self.matches($0, type) }
    }

    /// True when it takes an event for each task.
    package var takesTasks: Bool { takes(.taskSucceeded) || takes(.taskFailed) }

    private static func matches(_ pattern: String, _ type: EventType) -> Bool {
        guard type.isDelivered else { return false }
        if pattern == "*" || pattern == type.rawValue { return true }
        return pattern.hasSuffix(".*") && type.rawValue.hasPrefix(String(pattern.dropLast()))
    }
}
