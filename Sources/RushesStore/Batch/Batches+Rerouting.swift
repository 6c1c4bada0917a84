package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Batches of a model with waiting tasks on a lane.
    package func waitingBatches(
        in lane: LaneID, of model: String, limit: Int
    ) throws(DatabaseError) -> [BatchID] {
        try query(
            """
            SELECT id FROM batch WHERE lane_id = $1 AND queued > 0 AND cancel_requested_at IS NULL AND model = $2
            ORDER BY id LIMIT $3
            """, [.text(lane.rawValue), .text(model), .int(limit)]
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
    ///
    /// - Returns: false when it waits there no more, since it has ended or somebody else has sent it.
    package func send(_ batch: BatchID, from lane: Lane, to other: LaneID) throws(DatabaseError) -> Bool {
        try execute(
            "UPDATE batch SET lane_id = $1 WHERE id = $2 AND lane_id = $3 AND finished_at IS NULL",
            [.text(other.rawValue), .text(batch.rawValue), .text(lane.id.rawValue)]) == 1
    }
}
