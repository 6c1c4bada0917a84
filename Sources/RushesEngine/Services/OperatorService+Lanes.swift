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
    /// what runs is let finish. Answers the lane as it is then.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func control(_ id: LaneID, _ control: Lane.Control, reason: String?) async throws -> LaneRecord {
        if let reason, reason.isEmpty || reason.count > Limits.nameCharactersMax || reason.hasControlCharacters {
            throw Refusal.invalidArgument(
                name: "reason",
                reason: "1 to \(Limits.nameCharactersMax) characters and no control characters")
        }
        let lane = try await engine.database.write { transaction in
            guard try transaction.control(id, control, reason: reason), let lane = try transaction.laneRecord(id) else {
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
    /// on. Answers the lane as it is then.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func limitLane(_ id: LaneID, _ limits: LaneLimits, pollsPerMinute: Int?) async throws -> LaneRecord {
        try expect(limits.maxInFlight, "max_in_flight", within: 1...Limits.laneInFlightMax)
        try expect(limits.createsPerMinute, "creates_per_minute", within: 1...Limits.laneCreatesPerMinuteMax)
        try expect(pollsPerMinute, "polls_per_minute", within: 1...Limits.laneCreatesPerMinuteMax)
        let lane = try await engine.database.write { transaction in
            guard try transaction.limit(id, limits) else { throw Refusal.notFound }
            if let pollsPerMinute { try transaction.limitPolls(of: id.provider, pollsPerMinute) }
            guard let lane = try transaction.laneRecord(id) else { throw Refusal.notFound }
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

    private func expect(_ value: Int?, _ name: String, within range: ClosedRange<Int>) throws(Refusal) {
        if let value { try expect(value, name, within: range) }
    }
}
