package import RushesCore

/// What an event of each type looks like: for test events, `rushes trigger` and the documentation. Nothing in them
/// exists.
package enum EventSamples {
    /// The sample of a type, under the identifier and at the time given.
    package static func snapshot(_ type: EventType, id: EventID, at now: Timestamp) -> EventSnapshot {
        EventSnapshot(
            id: id, sequence: nil, type: type.rawValue, createdAt: now, batch: batch(of: type), task: task(of: type),
            data: data(of: type), results: type == .tasksSettled ? [succeeded, failed] : [])
    }

    private static func batch(of type: EventType) -> EventBatch? {
        switch type {
        case .batchQueued, .batchProcessing, .batchProgress, .batchCancelled, .taskSucceeded, .taskFailed, .taskLeaked,
            .tasksSettled:
            sampleBatch(succeeded: 0, failed: 0)
        case .batchCompleted: sampleBatch(succeeded: 10, failed: 0)
        case .batchPartial: sampleBatch(succeeded: 9, failed: 1)
        case .batchFailed: sampleBatch(succeeded: 0, failed: 10)
        case .walletLowBalance, .walletToppedUp, .invoiceIssued, .webhookPing, .webhookEndpointDisabled: nil
        }
    }

    /// Ten videos of $0.49; ended when some count is above zero.
    private static func sampleBatch(succeeded: Int, failed: Int) -> EventBatch {
        let price: Int64 = 490_000
        let ending = EventBatch.Ending(
            succeeded: succeeded, failed: failed, charged: Credits(micros: Int64(succeeded) * price),
            refunded: Credits(micros: Int64(failed) * price), transactions: [id("1"), id("2")])
        return EventBatch(
            id: id("0"), requestID: "campaign-0042", name: "Autumn campaign", model: "sora-2", total: 10,
            frozen: Credits(micros: 10 * price), ending: succeeded + failed > 0 ? ending : nil)
    }

    private static func task(of type: EventType) -> EventTask? {
        switch type {
        case .taskSucceeded: succeeded
        case .taskFailed: failed
        case .batchQueued, .batchProcessing, .batchProgress, .batchCompleted, .batchPartial, .batchFailed,
            .batchCancelled, .taskLeaked, .tasksSettled, .walletLowBalance, .walletToppedUp, .invoiceIssued,
            .webhookPing, .webhookEndpointDisabled:
            nil
        }
    }

    private static let succeeded = EventTask(id: id("0"), customID: "clip-1", asset: id("0"), failure: nil)
    private static let failed = EventTask(id: id("1"), customID: "clip-2", asset: nil, failure: .moderated)

    /// What the event's own row would say.
    private static func data(of type: EventType) -> [String: String] {
        let posting: LedgerTransactionID = id("2")
        switch type {
        case .batchQueued, .batchProcessing, .batchCancelled, .taskSucceeded, .taskFailed, .webhookPing: return [:]
        case .batchProgress: return ["queued": "2", "running": "4", "succeeded": "3", "failed": "1"]
        case .batchCompleted, .batchPartial, .batchFailed: return ["transaction_id": posting.rawValue]
        case .taskLeaked: return ["attempt": "1"]
        case .tasksSettled:
            return [
                "transaction_id": posting.rawValue, "succeeded": "1", "failed": "1", "part": "1", "parts": "1",
            ]
        case .walletLowBalance: return ["available_micros": "4510000", "low_balance_micros": "5000000"]
        case .walletToppedUp:
            let lot: LotID = id("0")
            return [
                "transaction_id": posting.rawValue, "lot_id": lot.rawValue, "kind": "grant",
                "face_micros": "2276200000", "available_micros": "2280710000",
            ]
        case .invoiceIssued:
            return [
                "invoice_id": "inv_" + place("0"), "number": "2026-000001", "kind": "invoice",
                "total_micros": "2000000000", "currency": "USD",
            ]
        case .webhookEndpointDisabled:
            let endpoint: WebhookEndpointID = id("0")
            return [
                "webhook_endpoint_id": endpoint.rawValue, "url": "https://hooks.example.com/rushes",
                "reason": "failing", "failed_attempts": "42",
            ]
        }
    }

    /// An identifier that names nothing, of the year 2026.
    private static func id<Kind: Identified>(_ end: String) -> Identifier<Kind> {
        Identifier(trusted: "\(Kind.prefix)_\(place(end))")
    }

    private static func place(_ end: String) -> String { "01ka" + String(repeating: "0", count: 21) + end }
}
