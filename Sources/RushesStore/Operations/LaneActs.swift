package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What operators did to a lane, or to all of them, the newest first.
    package func laneActs(of lane: LaneID?, limit: Int) throws(DatabaseError) -> [LaneAct] {
        let columns = "lane_id, number, subject, value_before, value_after, reason, acted_by, acted_at"
        let rows =
            if let lane {
                try query(
                    "SELECT \(columns) FROM lane_act WHERE lane_id = $1 ORDER BY number DESC LIMIT $2",
                    [.text(lane.rawValue), .int(limit)])
            } else {
                try query(
                    """
                    SELECT \(columns) FROM lane_act WHERE acted_at > 0
                    ORDER BY acted_at DESC, lane_id DESC, number DESC LIMIT $1
                    """, [.int(limit)])
            }
        return try rows.map { row throws(DatabaseError) in try row.laneAct() }
    }
}

extension SQLRow {
    fileprivate func laneAct() throws(DatabaseError) -> LaneAct {
        LaneAct(
            lane: LaneID(try text(0)), number: try int(1),
            change: LaneAct.Change(
                try value(2, LaneAct.Subject.self), from: try optionalText(3), to: try optionalText(4)),
            note: LaneAct.Note(reason: try optionalText(5), by: try optionalText(6)), actedAt: try time(7))
    }
}

extension SQLTransaction {
    /// Keeps what was changed of a locked lane.
    func keep(_ changes: [LaneAct.Change], of lane: LaneID, _ note: LaneAct.Note) throws(DatabaseError) {
        if changes.isEmpty { return }
        let last = try query(
            "SELECT number FROM lane_act WHERE lane_id = $1 ORDER BY number DESC LIMIT 1", [.text(lane.rawValue)])
        var number = try last.first?.int(0) ?? 0
        var rows: [[SQLValue]] = []
        for change in changes {
            number += 1
            rows.append([
                .text(lane.rawValue), .int(number), .text(change.subject.rawValue), .optional(change.before),
                .optional(change.after), .optional(note.reason), .optional(note.by), .time(now),
            ])
        }
        try bulkInsert(
            "lane_act",
            ["lane_id", "number", "subject", "value_before", "value_after", "reason", "acted_by", "acted_at"], rows)
    }
}
