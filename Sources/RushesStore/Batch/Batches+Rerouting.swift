package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Batches with waiting tasks on a lane that is closed at least until then.
    package func batchesOnLanes(closedUntil moment: Timestamp, limit: Int) throws(DatabaseError) -> [BatchID] {
        // CROSS JOIN: SQLite reads the lanes first, of which few are closed, and not every batch that waits.
        try query(
            """
            SELECT batch.id FROM lane CROSS JOIN batch
            WHERE lane.closed_until >= $1 AND batch.lane_id = lane.id AND batch.queued > 0
              AND batch.cancel_requested_at IS NULL LIMIT $2
            """, [.time(moment), .int(limit)]
        ).map { row throws(DatabaseError) in try row.id(0, BatchIdentity.self) }
    }

    /// The lane in which a batch's tasks wait, and the model that they are of.
    package func route(of batch: BatchID) throws(DatabaseError) -> (lane: LaneID, model: String)? {
        try query("SELECT lane_id, model FROM batch WHERE id = $1", [.text(batch.rawValue)]).first
            .map { row throws(DatabaseError) in (LaneID(try row.text(0)), try row.text(1)) }
    }
}

extension SQLTransaction {
    /// Sends what waits of a batch to another lane; the lane that it leaves is locked, so that nobody dispatches from
    /// it meanwhile. What was dispatched stays where it is.
    package func send(_ batch: BatchID, from lane: Lane, to other: LaneID) throws(DatabaseError) {
        try execute(
            "UPDATE batch SET lane_id = $1 WHERE id = $2 AND lane_id = $3",
            [.text(other.rawValue), .text(batch.rawValue), .text(lane.id.rawValue)])
    }
}
