import Logging
import Metrics
import RushesCore
import RushesDatabase
import RushesStore

/// Posts what has ended: charges from the head, refunds to the tail, and the finalize that ends a batch.
package struct Settler: Worker {
    package let name = "settler"
    private let engine: Engine

    /// A Settler of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }

    package func step() async throws -> Int {
        let engine = engine
        let due = try await engine.database.read { reader in
            try reader.batchesToSettle(limit: Limits.batchesPerSettleStepMax)
        }
        var settled = 0
        for id in due {
            let posted = try await engine.database.writeByKey { transaction in
                try transaction.settleIfDue(id, ids: engine.environment.ids)
            }
            if let posted {
                settled += 1
                Counter(label: "rushes_settlements_total", dimensions: [("kind", posted.kind)]).increment()
                engine.logger.info(
                    "batch settled",
                    metadata: ["batch.id": "\(id)", "kind": "\(posted.kind)", "transaction.id": "\(posted.id)"])
            }
        }
        return settled
    }
}

extension SQLTransaction {
    /// Settles a batch unless somebody else did meanwhile.
    fileprivate func settleIfDue(_ id: BatchID, ids: any IDSource) throws -> PostedTransaction? {
        guard let batch = try lockBatch(id), let due = batch.settleDueAt, due <= now else { return nil }
        return try settle(batch, ids: ids)
    }
}
