import Logging
import RushesCore
import RushesDatabase
import RushesStore

extension Sweeper {
    /// Sends batches that wait in lanes which stay closed for long to the next route of their model.
    func leaveClosedLanes() async throws {
        let engine = engine
        let batches = try await engine.database.read { reader in
            try reader.batchesOnLanes(closedUntil: reader.now.adding(seconds: 60), limit: Self.batchesPerStep)
        }
        for batch in batches {
            _ = try await engine.database.write { transaction in try engine.sendElsewhere(batch, in: transaction) }
        }
    }
}

extension Engine {
    /// Sends what waits of a batch to another lane of its model, when its own stands still and there is a better one;
    /// true when it went. Only lanes whose account is configured here come into question.
    func sendElsewhere(_ batch: BatchID, in transaction: any SQLTransaction) throws -> Bool {
        guard let (id, name) = try transaction.route(of: batch),
            let model = try catalogues.current(transaction).catalogue.model(name), model.routes.count > 1,
            let lane = try transaction.lockLane(id)
        else { return false }
        var lanes: [LaneID: Lane] = [:]
        for route in model.routes where providers.provider(for: route.lane) != nil {
            lanes[route.lane] = try transaction.lane(route.lane)
        }
        guard let other = model.lane(insteadOf: lane, among: lanes, at: transaction.now) else { return false }
        try transaction.send(batch, from: lane, to: other)
        logger.notice(
            "batch goes another way", metadata: ["batch.id": "\(batch)", "from": "\(id)", "to": "\(other)"])
        return true
    }
}
