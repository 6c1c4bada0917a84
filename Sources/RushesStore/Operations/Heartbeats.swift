package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// How well the API answered in a month, up to the last minute that is over; a month has at most 44,640 rows.
    package func availability(in month: CalendarMonth) throws(DatabaseError) -> Availability {
        let first = try query("SELECT minute FROM api_minute WHERE minute > 0 ORDER BY minute LIMIT 1", []).first?
            .integer(0)
        let end = min(month.next.start.minute, now.minute)
        let start = max(month.start.minute, first ?? end)
        guard start < end else { return Availability(month: month, measuredMinutes: 0, downMinutes: 0) }
        let rows = try query(
            "SELECT requests, failures FROM api_minute WHERE minute >= $1 AND minute < $2",
            [.integer(start), .integer(end)])
        var up = 0
        for row in rows where !Availability.isDown(requests: try row.int(0), failures: try row.int(1)) { up += 1 }
        return Availability(month: month, measuredMinutes: Int(end - start), downMinutes: Int(end - start) - up)
    }
}

extension SQLTransaction {
    /// Adds a node's heartbeat to this minute, with the requests that it has answered since its last one.
    package func beat(requests: Int, failures: Int) throws(DatabaseError) {
        try execute(
            """
            INSERT INTO api_minute (minute, requests, failures) VALUES ($1, $2, $3)
            ON CONFLICT (minute) DO UPDATE SET requests = api_minute.requests + excluded.requests,
              failures = api_minute.failures + excluded.failures
            """, [.integer(now.minute), .int(requests), .int(failures)])
    }
}

extension Timestamp {
    /// Whole minutes since the Unix epoch.
    fileprivate var minute: Int64 { seconds / 60 }
}
