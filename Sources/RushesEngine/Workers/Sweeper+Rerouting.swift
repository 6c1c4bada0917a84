import Logging
import RushesCore
import RushesDatabase
import RushesStore

extension Sweeper {
    /// Sends batches that wait in lanes which stand still to the next route of their model.
    func leaveStandingLanes() async throws {
        let engine = engine
        let batches = try await engine.database.read { reader in try engine.batchesToSend(reader) }
        for batch in batches {
            _ = try await engine.database.write { transaction in try engine.sendElsewhere(batch, in: transaction) }
        }
    }
}

extension Engine {
    /// Sends what waits of a batch to another lane of its model, when its own stands still and there is a better one;
    /// true when it went.
    func sendElsewhere(_ batch: BatchID, in transaction: any SQLTransaction) throws -> Bool {
        guard let (id, name) = try transaction.route(of: batch),
            let model = try catalogues.current(transaction).catalogue.model(name), model.hasRoute(besides: id),
            let lane = try transaction.lockLane(id)
        else { return false }
        let present = try transaction.standing(of: lane)
        let standings = try standings(of: model, on: try transaction.lanes(of: model), transaction)
        guard let other = model.lane(insteadOf: present, among: standings, at: transaction.now) else { return false }
        try transaction.send(batch, from: lane, to: other)
        logger.notice(
            "batch goes another way", metadata: ["batch.id": "\(batch)", "from": "\(id)", "to": "\(other)"])
        return true
    }

    /// Some of the batches that have a better lane than their own. Looked at without locks: the sending decides.
    fileprivate func batchesToSend(_ reader: any SQLReading) throws -> [BatchID] {
        let lanes = try reader.lanes()
        let still = try lanes.map { try reader.standing(of: $0) }.filter { $0.standsStill(at: reader.now) }
        if still.isEmpty { return [] }
        let lanesByID = Dictionary(uniqueKeysWithValues: lanes.map { ($0.id, $0) })
        var batches: [BatchID] = []
        for model in try catalogues.current(reader).catalogue.models {
            let standings = try standings(of: model, on: lanesByID, reader)
            for present in still where model.lane(insteadOf: present, among: standings, at: reader.now) != nil {
                batches += try reader.waitingBatches(in: present.lane.id, of: model.id, limit: Sweeper.batchesPerStep)
            }
        }
        return batches
    }
}

extension VideoModel {
    fileprivate func hasRoute(besides lane: LaneID) -> Bool { routes.contains { $0.lane != lane } }
}
