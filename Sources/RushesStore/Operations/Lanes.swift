package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// All lanes, in the order of their names.
    package func laneIDs() throws(DatabaseError) -> [LaneID] {
        try query("SELECT id FROM lane ORDER BY id", []).map { row throws(DatabaseError) in LaneID(try row.text(0)) }
    }

    /// Lanes that have a free slot and a token now, and a batch that waits for one.
    package func lanesToDispatch() throws(DatabaseError) -> [LaneID] {
        var found: [LaneID] = []
        for id in try laneIDs() {
            // Looked at without a lock: a claim decides, this only saves the claims that would find nothing.
            guard var lane = try lane(id), lane.allowance(at: now, limit: 1) > 0 else { continue }
            if try hasDemand(in: id) { found.append(id) }
        }
        return found
    }

    /// A lane as it stands, without a lock.
    package func lane(_ id: LaneID) throws(DatabaseError) -> Lane? {
        try selectLane(id, suffix: "")
    }

    fileprivate func selectLane(_ id: LaneID, suffix: String) throws(DatabaseError) -> Lane? {
        let rows = try query(
            """
            SELECT id, max_in_flight, creates_per_minute, state, in_flight, tokens_milli, refilled_at, closed_until,
              consecutive_faults, looked_up_to FROM lane WHERE id = $1\(suffix)
            """, [.text(id.rawValue)])
        guard let row = rows.first else { return nil }
        return Lane(
            id: LaneID(try row.text(0)), maxInFlight: try row.int(1), createsPerMinute: try row.int(2),
            state: try row.value(3, Lane.State.self), inFlight: try row.int(4), tokensMilli: try row.integer(5),
            refilledAt: try row.time(6), closedUntil: try row.optionalTime(7), consecutiveFaults: try row.int(8),
            lookedUpTo: try row.optionalText(9).map(OrganizationID.init(trusted:)))
    }
}

extension SQLTransaction {
    /// A lane, locked until the end of the transaction: the first lock of the order lane, organization, batch, task,
    /// wallet.
    package func lockLane(_ id: LaneID) throws(DatabaseError) -> Lane? {
        try selectLane(id, suffix: dialect.forUpdate)
    }

    /// Writes a locked lane's changing columns.
    package func save(_ lane: Lane) throws(DatabaseError) {
        try execute(
            """
            UPDATE lane SET state = $1, in_flight = $2, tokens_milli = $3, refilled_at = $4, closed_until = $5,
              consecutive_faults = $6, looked_up_to = $7 WHERE id = $8
            """,
            [
                .text(lane.state.rawValue), .int(lane.inFlight), .integer(lane.tokensMilli), .time(lane.refilledAt),
                .time(lane.closedUntil), .int(lane.consecutiveFaults), .optional(lane.lookedUpTo?.rawValue),
                .text(lane.id.rawValue),
            ])
    }
}

extension SQLReading {
    /// True when a batch of the lane has waiting tasks that its own cap lets start.
    package func hasDemand(in lane: LaneID) throws(DatabaseError) -> Bool {
        try !query(
            "SELECT 1 FROM batch WHERE lane_id = $1 AND \(LaneDemand.isWaiting) LIMIT 1", [.text(lane.rawValue)]
        ).isEmpty
    }
}
