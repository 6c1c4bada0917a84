package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// The number of the catalogue version in force; 0 when there is none.
    package func priceBookVersion() throws(DatabaseError) -> Int {
        try query("SELECT version FROM catalogue ORDER BY version DESC LIMIT 1", []).first.map {
            row throws(DatabaseError) in
            try row.int(0)
        } ?? 0
    }

    /// The catalogue in force with its version; nil before the first one was applied.
    package func priceBook() throws(DatabaseError) -> PriceBook? {
        let rows = try query("SELECT version, body FROM catalogue ORDER BY version DESC LIMIT 1", [])
        guard let row = rows.first else { return nil }
        return PriceBook(version: try row.int(0), catalogue: try JSONText.decode(Catalogue.self, from: try row.text(1)))
    }
}

extension SQLTransaction {
    /// Adds a version, and opens or adjusts the lanes that its routes name; answers the new version.
    package func apply(_ catalogue: Catalogue) throws -> Int {
        let version = try priceBookVersion() + 1
        try execute(
            "INSERT INTO catalogue (version, body, applied_at) VALUES ($1, $2, $3)",
            [.int(version), .text(try JSONText.encode(catalogue)), .time(now)])
        // In the order of their ids, as every transaction locks lanes; of two models on one lane the last one counts.
        for route in catalogue.models.flatMap(\.routes).sorted(by: { $0.lane < $1.lane }) { try upsertLane(route) }
        return version
    }

    private func upsertLane(_ route: ProviderRoute) throws(DatabaseError) {
        let lane = Lane(route: route, at: now)
        try execute(
            """
            INSERT INTO lane (id, max_in_flight, creates_per_minute, state, in_flight, tokens_milli, refilled_at,
              consecutive_faults, cost_micros, is_billed_on_failure)
            VALUES ($1, $2, $3, 'open', 0, $4, $5, 0, $6, $7)
            ON CONFLICT (id) DO UPDATE SET max_in_flight = excluded.max_in_flight,
              creates_per_minute = excluded.creates_per_minute, state = 'open', closed_until = NULL,
              cost_micros = excluded.cost_micros, is_billed_on_failure = excluded.is_billed_on_failure
            """,
            [
                .text(lane.id.rawValue), .int(lane.maxInFlight), .int(lane.createsPerMinute),
                .integer(lane.tokensMilli),
                .time(now), .optional(lane.price?.amount.micros), .flag(lane.price?.isBilledOnFailure ?? false),
            ])
    }
}
