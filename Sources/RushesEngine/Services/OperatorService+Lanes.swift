import Logging
package import RushesCore
import RushesDatabase
package import RushesStore

extension OperatorService {
    /// All lanes, with their limits, what is left of them now, and the state of their accounts.
    ///
    /// - Throws: `DatabaseError`.
    package func lanes() async throws -> [LaneRecord] {
        try await engine.database.read { reader in try reader.laneRecords() }
    }

    /// Stops dispatch on a lane, or lets it go on. To let it go on also opens a lane that the provider had retired, and
    /// lets one task try its account at once. Killed lanes fail what waits in them, in bounded steps of the Sweeper;
    /// what runs is let finish. The act is kept. Answers the lane as it is then.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func control(
        _ id: LaneID, _ control: Lane.Control, reason: String?, by name: String? = nil
    ) async throws -> LaneRecord {
        let note = try note(reason, by: name)
        let lane = try await engine.database.write { transaction in
            guard try transaction.control(id, control, note), let lane = try transaction.laneRecord(id) else {
                throw Refusal.notFound
            }
            return lane
        }
        engine.logger.notice(
            "lane was changed by an operator",
            metadata: ["lane": "\(id)", "control": "\(control.rawValue)", "reason": "\(reason ?? "")"])
        engine.signals.dispatcher.wake()
        engine.signals.sweeper.wake()
        return lane
    }

    /// Sets limits of a lane that go before the catalogue's; nil for the catalogue's own. Jobs above a lower limit go
    /// on. What changed is kept. Answers the lane as it is then.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func limitLane(
        _ id: LaneID, _ limits: LaneLimits, pollsPerMinute: Int?, reason: String? = nil, by name: String? = nil
    ) async throws -> LaneRecord {
        let note = try note(reason, by: name)
        try expect(limits.maxInFlight, "max_in_flight", within: 1...Limits.laneInFlightMax)
        try expect(limits.createsPerMinute, "creates_per_minute", within: 1...Limits.laneCreatesPerMinuteMax)
        try expect(pollsPerMinute, "polls_per_minute", within: 1...Limits.laneCreatesPerMinuteMax)
        let lane = try await engine.database.write { transaction in
            guard try transaction.limit(id, limits, pollsPerMinute: pollsPerMinute, note),
                let lane = try transaction.laneRecord(id)
            else { throw Refusal.notFound }
            return lane
        }
        engine.logger.notice(
            "limits of a lane were changed by an operator",
            metadata: [
                "lane": "\(id)", "max_in_flight": "\(lane.lane.maxInFlight)",
                "creates_per_minute": "\(lane.lane.createsPerMinute)",
            ])
        engine.signals.dispatcher.wake()
        return lane
    }

    /// What operators did to a lane, or to all of them: the newest acts, at most `limit`.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func laneActs(of lane: LaneID?, limit: Int) async throws -> [LaneAct] {
        try await engine.database.read { reader in
            if let lane, try reader.lane(lane) == nil { throw Refusal.notFound }
            return try reader.laneActs(of: lane, limit: limit)
        }
    }

    private func note(_ reason: String?, by name: String?) throws(Refusal) -> LaneAct.Note {
        if let reason { try expect(text: reason, "reason", Limits.nameCharactersMax) }
        if let name { try expect(text: name, "by", Limits.operatorNameCharactersMax) }
        return LaneAct.Note(reason: reason, by: name)
    }

    private func expect(_ value: Int?, _ name: String, within range: ClosedRange<Int>) throws(Refusal) {
        if let value { try expect(value, name, within: range) }
    }
}
