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

    /// Sends tasks that wait apart from their batches in lanes which stand still to another route of their model; on a
    /// lane that is gone those end that cannot go anywhere.
    ///
    /// - Returns: how many ended.
    func leaveStandingLanesApart() async throws -> Int {
        let engine = engine
        let lanes = try await engine.database.read { reader in
            try reader.lanes().filter { lane in
                try reader.isAnyApart(in: lane.id) && reader.standing(of: lane).standsStill(at: reader.now)
            }.map(\.id)
        }
        var ended = 0
        for lane in lanes {
            let committed = try await engine.database.write { transaction in
                try engine.sendApart(from: lane, in: transaction)
            }
            engine.measure(committed)
            ended += committed.ended.count
        }
        return ended
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
        guard let other = model.lane(insteadOf: present, among: standings, at: transaction.now),
            try transaction.send(batch, from: lane, to: other)
        else { return false }
        logger.notice(
            "batch goes another way", metadata: ["batch.id": "\(batch)", "from": "\(id)", "to": "\(other)"])
        return true
    }

    /// Moves what waits apart in a lane; the lane is locked, so that nobody dispatches from it meanwhile.
    fileprivate func sendApart(from id: LaneID, in transaction: any SQLTransaction) throws -> CommittedSteps {
        guard let lane = try transaction.lockLane(id) else { throw DatabaseError(.decoding, "lane \(id) is gone") }
        let present = try transaction.standing(of: lane)
        let tasks = try transaction.tasksApart(in: id, limit: Limits.tasksPerSweepMax)
        let mobile = Set(tasks.filter(\.mayChangeLane).map(\.batch)).sorted()
        let others = try lanes(insteadOf: present, for: mobile, transaction)
        let steps = try tasks.compactMap { task in
            var after = task
            if task.mayChangeLane, let other = others[task.batch] {
                try after.waitElsewhere(in: other)
            } else if lane.isGone {
                try after.fail(Failure(.providerUnavailable), at: transaction.now)
            } else {
                return TaskStep?.none
            }
            return TaskStep(before: task, after: after)
        }
        return try transaction.commit(steps, ids: environment.ids)
    }

    /// The better lanes of batches that have one.
    private func lanes(
        insteadOf present: RouteStanding, for batches: [BatchID], _ reader: any SQLReading
    ) throws -> [BatchID: LaneID] {
        var found: [BatchID: LaneID] = [:]
        for batch in batches {
            guard let model = try model(of: batch, reader) else { continue }
            let standings = try standings(of: model, on: try reader.lanes(of: model), reader)
            found[batch] = model.lane(insteadOf: present, among: standings, at: reader.now)
        }
        return found
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
