import RushesCore
import RushesDatabase
import RushesStore

/// Removes what was sent to endpoints and what came of it, 30 days after each delivery has ended. That there was a
/// delivery, and how it ended, stays.
package struct WebhookRetention: Worker {
    package let name = "webhook_retention"
    private let tools: WebhookTools

    /// The worker over the tools of webhooks.
    package init(_ tools: WebhookTools) {
        self.tools = tools
    }

    package func step() async throws -> Int {
        let expired = try await tools.database.read { reader in
            try reader.expiredDeliveries(limit: Limits.deliveriesPerMoveMax)
        }
        if expired.isEmpty { return 0 }
        return try await tools.database.writeByKey { transaction in try transaction.expunge(expired) }
    }
}
