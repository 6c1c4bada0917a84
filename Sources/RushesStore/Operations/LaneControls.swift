package import RushesCore
package import RushesDatabase

/// A lane as operators see it.
package struct LaneRecord: Sendable, Equatable {
    /// The lane.
    package let lane: Lane
    /// The catalogue's limits.
    package let catalogueLimits: LaneLimits
    /// The operator's own limits; nil where the catalogue's count.
    package let ownLimits: LaneLimits
    /// Why an operator last paused, resumed or killed it.
    package let reason: String?
    /// When an operator last did.
    package let controlledAt: Timestamp?
    /// The account whose credentials it uses.
    package let account: ProviderAccount
    /// Tasks that wait, over at most `Limits.batchesPerEstimateMax` batches.
    package let waiting: Int
    /// The time at which this was so.
    package let readAt: Timestamp

    /// Thousandths of cap and rate that are allowed at that time.
    package var allowedPermille: Int { lane.allowedPermille(at: readAt, account.breaker) }
}

/// Jobs at the same time and creates per minute, at most; nil for no limit of its own.
package struct LaneLimits: Sendable, Equatable {
    /// Jobs at the same time.
    package let maxInFlight: Int?
    /// Creates per minute.
    package let createsPerMinute: Int?

    /// Limits from their parts.
    package init(maxInFlight: Int?, createsPerMinute: Int?) {
        self.maxInFlight = maxInFlight
        self.createsPerMinute = createsPerMinute
    }
}

extension SQLReading {
    /// A lane as operators see it.
    package func laneRecord(_ id: LaneID) throws(DatabaseError) -> LaneRecord? {
        guard let lane = try lane(id) else { return nil }
        let row = try query(
            """
            SELECT max_in_flight, creates_per_minute, limit_in_flight, limit_per_minute, control_reason, controlled_at
            FROM lane WHERE id = $1
            """, [.text(id.rawValue)])[0]
        return LaneRecord(
            lane: lane,
            catalogueLimits: LaneLimits(maxInFlight: try row.int(0), createsPerMinute: try row.int(1)),
            ownLimits: LaneLimits(
                maxInFlight: try row.optionalInteger(2).map(Int.init),
                createsPerMinute: try row.optionalInteger(3).map(Int.init)), reason: try row.optionalText(4),
            controlledAt: try row.optionalTime(5), account: try providerAccount(id.provider),
            waiting: try waitingTasks(in: id), readAt: now)
    }

    /// All lanes as operators see them, in the order of their names.
    package func laneRecords() throws(DatabaseError) -> [LaneRecord] {
        var records: [LaneRecord] = []
        for lane in try lanes() { if let record = try laneRecord(lane.id) { records.append(record) } }
        return records
    }
}

extension SQLTransaction {
    /// Notes what an operator decided, and keeps the act; to let it run also forgets what the provider has refused, and
    /// lets one task try its account at once.
    ///
    /// - Returns: false when there is no such lane.
    package func control(
        _ id: LaneID, _ control: Lane.Control, _ note: LaneAct.Note = LaneAct.Note()
    ) throws(DatabaseError) -> Bool {
        guard let lane = try lockLane(id) else { return false }
        try execute(
            "UPDATE lane SET control = $1, control_reason = $2, controlled_at = $3 WHERE id = $4",
            [.text(control.rawValue), .optional(note.reason), .time(now), .text(id.rawValue)])
        switch control {
        case .paused, .killed: break
        case .running:
            try execute(
                "UPDATE lane SET state = 'open', closed_until = NULL WHERE id = $1", [.text(id.rawValue)])
            var account = try lockProviderAccount(id.provider)
            account.breaker.retryNow(at: now)
            try save(account)
        }
        // An act that changes no word is one all the same: a lane that runs is let try its account again.
        try keep([LaneAct.Change(.control, from: lane.controlName, to: control.rawValue)], of: id, note)
        return true
    }

    /// Sets an operator's own limits, and keeps what changed; what runs above a lower one goes on.
    ///
    /// - Parameter pollsPerMinute: that of the lane's account, over all its lanes; nil to leave it.
    /// - Returns: false when there is no such lane.
    package func limit(
        _ id: LaneID, _ limits: LaneLimits, pollsPerMinute: Int? = nil, _ note: LaneAct.Note = LaneAct.Note()
    ) throws(DatabaseError) -> Bool {
        guard try lockLane(id) != nil, let before = try laneRecord(id) else { return false }
        try execute(
            "UPDATE lane SET limit_in_flight = $1, limit_per_minute = $2 WHERE id = $3",
            [
                .optional(limits.maxInFlight.map(Int64.init)), .optional(limits.createsPerMinute.map(Int64.init)),
                .text(id.rawValue),
            ])
        var changes = [
            LaneAct.Change(.maxInFlight, from: before.ownLimits.maxInFlight, to: limits.maxInFlight),
            LaneAct.Change(.createsPerMinute, from: before.ownLimits.createsPerMinute, to: limits.createsPerMinute),
        ]
        if let pollsPerMinute {
            let former = try limitPolls(of: id.provider, pollsPerMinute)
            changes.append(LaneAct.Change(.pollsPerMinute, from: former, to: pollsPerMinute))
        }
        try keep(changes.compactMap { $0 }, of: id, note)
        return true
    }
}
