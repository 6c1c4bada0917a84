package import RushesCore
package import RushesDatabase

/// Columns of a lane in the order in which `SQLRow.lane()` reads them; an operator's limit goes before the catalogue's.
private let laneColumns = """
    id, COALESCE(limit_in_flight, max_in_flight), COALESCE(limit_per_minute, creates_per_minute), state, in_flight,
    tokens_milli, refilled_at, closed_until, looked_up_to, control, ceiling_permille, resumed_at, pause_milliseconds,
    throttle_sent, throttle_refusals, completion_times, cost_micros, is_billed_on_failure
    """

extension SQLRow {
    fileprivate func lane() throws(DatabaseError) -> Lane {
        Lane(
            id: LaneID(try text(0)), maxInFlight: try int(1), createsPerMinute: try int(2),
            state: try value(3, Lane.State.self), control: try value(9, Lane.Control.self), inFlight: try int(4),
            tokensMilli: try integer(5), refilledAt: try time(6), closedUntil: try optionalTime(7),
            throttle: Throttle(
                ceilingPermille: try int(10), resumedAt: try optionalTime(11), pauseMilliseconds: try integer(12),
                sent: try int(13), refusals: try int(14)),
            lookedUpTo: try optionalText(8).map(OrganizationID.init(trusted:)), completionTimes: try optionalText(15),
            price: try generationPrice(16, 17))
    }
}

extension SQLReading {
    /// All lanes, in the order of their names.
    package func lanes() throws(DatabaseError) -> [Lane] {
        try query("SELECT \(laneColumns) FROM lane ORDER BY id", []).map { row throws(DatabaseError) in try row.lane() }
    }

    /// Lanes that have a free slot and a token now, and a batch that waits for one, with what their accounts' breakers
    /// let through.
    package func lanesToDispatch() throws(DatabaseError) -> [LaneID] {
        let accounts = try providerAccounts()
        var found: [LaneID] = []
        for var lane in try lanes() {
            // Looked at without a lock: a claim decides, this only saves the claims that would find nothing.
            let breaker = accounts[lane.id.provider]?.breaker ?? Breaker()
            guard breaker.admission(at: now) != .none,
                lane.allowance(at: now, limit: 1, rampPermille: breaker.rampPermille(at: now)) > 0
            else { continue }
            if try hasDemand(in: lane.id) { found.append(lane.id) }
        }
        return found
    }

    /// Some lanes as they stand, those that there are, without a lock.
    package func lanes(_ ids: [LaneID]) throws(DatabaseError) -> [LaneID: Lane] {
        let list = SQLList(ids.map(\.rawValue))
        var found: [LaneID: Lane] = [:]
        for row in try query("SELECT \(laneColumns) FROM lane WHERE id IN (\(list.places))", list.values) {
            let lane = try row.lane()
            found[lane.id] = lane
        }
        return found
    }

    /// A lane as it stands, without a lock.
    package func lane(_ id: LaneID) throws(DatabaseError) -> Lane? {
        try selectLane(id, suffix: "")
    }

    fileprivate func selectLane(_ id: LaneID, suffix: String) throws(DatabaseError) -> Lane? {
        try query("SELECT \(laneColumns) FROM lane WHERE id = $1\(suffix)", [.text(id.rawValue)]).first?.lane()
    }

    /// True when a batch of the lane has waiting tasks that its own cap lets start, or a task that is ready waits there
    /// apart from its batch.
    package func hasDemand(in lane: LaneID) throws(DatabaseError) -> Bool {
        let batches = try query(
            "SELECT 1 FROM batch WHERE lane_id = $1 AND \(LaneDemand.isWaiting) LIMIT 1", [.text(lane.rawValue)])
        return batches.isEmpty ? try isAnyReadyApart(in: lane) : true
    }
}

extension SQLTransaction {
    /// A lane, locked until the end of the transaction: the first lock of the order lane, provider account,
    /// organization, batch, task, wallet.
    package func lockLane(_ id: LaneID) throws(DatabaseError) -> Lane? {
        try selectLane(id, suffix: dialect.forUpdate)
    }

    /// Writes a locked lane's changing columns.
    package func save(_ lane: Lane) throws(DatabaseError) {
        try enqueue(
            """
            UPDATE lane SET state = $1, in_flight = $2, tokens_milli = $3, refilled_at = $4, closed_until = $5,
              looked_up_to = $6, ceiling_permille = $7, resumed_at = $8, pause_milliseconds = $9, throttle_sent = $10,
              throttle_refusals = $11, completion_times = $12 WHERE id = $13
            """,
            [
                .text(lane.state.rawValue), .int(lane.inFlight), .integer(lane.tokensMilli), .time(lane.refilledAt),
                .time(lane.closedUntil), .optional(lane.lookedUpTo?.rawValue), .int(lane.throttle.ceilingPermille),
                .time(lane.throttle.resumedAt), .integer(lane.throttle.pauseMilliseconds), .int(lane.throttle.sent),
                .int(lane.throttle.refusals), .optional(lane.completionTimes), .text(lane.id.rawValue),
            ])
    }
}
