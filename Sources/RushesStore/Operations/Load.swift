package import RushesCore
package import RushesDatabase

/// How much there is to do, and how long the oldest of it waits.
package struct Load: Sendable, Equatable {
    /// A lane with what its account's breaker leaves of it.
    package struct LaneLoad: Sendable, Equatable {
        /// The lane.
        package let lane: Lane
        /// Thousandths of its cap and rate that are allowed.
        package let allowedPermille: Int
        /// True when tasks may be dispatched: nobody has closed it, and its account works.
        package let isOpen: Bool
    }

    /// Each lane.
    package let lanes: [LaneLoad]
    /// Each provider account that has ever been looked at, in the order of their names.
    package let accounts: [ProviderAccount]
    /// By the name of the worker, how long the oldest item has been due in milliseconds; 0 when nothing is due. For the
    /// dispatcher it is the age of the oldest batch with waiting tasks.
    package let oldestDueMilliseconds: [String: Int64]
    /// Frozen micro-credits of open batches.
    package let heldMicros: Int64
}

extension SQLReading {
    /// How much there is to do: a handful of index look-ups, whatever the history.
    package func load() throws(DatabaseError) -> Load {
        let accounts = try providerAccounts()
        let lanes = try lanes().map { laneLoad($0, accounts) }
        var oldestBatch: Timestamp?
        for lane in lanes {
            guard let createdAt = try oldestWaitingBatch(in: lane.lane.id) else { continue }
            oldestBatch = min(oldestBatch ?? createdAt, createdAt)
        }
        let due: [(String, Timestamp?)] = [
            ("dispatcher", oldestBatch), ("reconciler", try oldestDue(in: .submitting)),
            ("poller", try oldestDue(in: .running)), ("archiver", try oldestDue(in: .storing)),
            ("settler", try earliest("settle_due_at", where: "settle_due_at IS NOT NULL")),
            ("sweeper", try earliest("window_ends_at", where: "queued > 0")),
            ("announcer", try oldestUntoldEvent()), ("courier", try oldestDueDelivery()),
        ]
        let now = now
        return Load(
            lanes: lanes, accounts: accounts.values.sorted { $0.name < $1.name },
            oldestDueMilliseconds: Dictionary(
                uniqueKeysWithValues: due.map { worker, moment in
                    (worker, moment.map { max(0, now.milliseconds(since: $0)) } ?? 0)
                }), heldMicros: try openHoldMicros())
    }

    private func laneLoad(_ lane: Lane, _ accounts: [String: ProviderAccount]) -> Load.LaneLoad {
        let breaker = accounts[lane.id.provider]?.breaker ?? Breaker()
        return Load.LaneLoad(
            lane: lane, allowedPermille: lane.allowedPermille(at: now, breaker),
            isOpen: lane.isOpen(at: now) && breaker.state == .closed)
    }

    private func oldestWaitingBatch(in lane: LaneID) throws(DatabaseError) -> Timestamp? {
        try query(
            """
            SELECT created_at FROM batch WHERE lane_id = $1 AND queued > 0 AND cancel_requested_at IS NULL
            ORDER BY id LIMIT 1
            """, [.text(lane.rawValue)]
        ).first?.time(0)
    }

    private func oldestDue(in state: VideoTask.State) throws(DatabaseError) -> Timestamp? {
        try query("SELECT due_at FROM task WHERE state = '\(state.rawValue)' ORDER BY due_at LIMIT 1", [])
            .first?.time(0)
    }

    /// The next event of each feed that has endpoints and is behind.
    private func oldestUntoldEvent() throws(DatabaseError) -> Timestamp? {
        try query(
            """
            SELECT MIN(e.created_at) FROM webhook_cursor c
              JOIN event e ON e.organization_id = c.organization_id AND e.seq = c.fanned_seq + 1
            """, []
        ).first?.optionalTime(0)
    }

    /// What a full endpoint cannot take is not behind: its queue is due when it has rested.
    private func oldestDueDelivery() throws(DatabaseError) -> Timestamp? {
        try query(
            "SELECT due_at FROM webhook_endpoint WHERE due_at IS NOT NULL AND due_at > 0 ORDER BY due_at LIMIT 1", []
        ).first?.time(0)
    }

    private func earliest(_ column: String, where condition: String) throws(DatabaseError) -> Timestamp? {
        try query("SELECT \(column) FROM batch WHERE \(condition) AND \(column) > 0 ORDER BY \(column) LIMIT 1", [])
            .first?.time(0)
    }

    /// Exact up to so many open batches; beyond them a figure for the oldest is enough to alarm.
    private func openHoldMicros() throws(DatabaseError) -> Int64 {
        let rows = try query(
            """
            SELECT (tail - head) * unit_price_micros FROM hold WHERE closed_at IS NULL AND created_at > 0
            ORDER BY created_at LIMIT $1
            """, [.int(openHoldsMax)])
        var sum: Int64 = 0
        for row in rows { sum += try row.integer(0) }
        return sum
    }
}

private let openHoldsMax = 10_000
