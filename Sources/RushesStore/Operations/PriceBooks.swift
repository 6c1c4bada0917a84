package import RushesCore
package import RushesDatabase

/// The version in force at `$1`: the latest date that is not to come; of two with one date the higher version.
private let inForce = """
    FROM catalogue WHERE in_force_from IS NULL OR in_force_from <= $1
    ORDER BY COALESCE(in_force_from, applied_at) DESC, version DESC LIMIT 1
    """

private let versionColumns = "version, body, applied_at, in_force_from"

extension SQLRow {
    fileprivate func priceBookVersion() throws(DatabaseError) -> PriceBookVersion {
        PriceBookVersion(
            book: PriceBook(version: try int(0), catalogue: try JSONText.decode(Catalogue.self, from: try text(1))),
            appliedAt: try time(2), date: try optionalTime(3))
    }
}

extension SingleQuery<Int> {
    /// The number of the catalogue version in force at a time; 0 when there is none.
    package static func priceBookVersion(at now: Timestamp) -> SingleQuery<Int> {
        SingleQuery("SELECT version \(inForce)", [.time(now)]) { rows throws(DatabaseError) in
            try rows.first?.int(0) ?? 0
        }
    }
}

extension SQLReading {
    /// The number of the catalogue version in force now; 0 when there is none.
    package func priceBookVersion() throws(DatabaseError) -> Int {
        try read(.priceBookVersion(at: now))
    }

    /// The catalogue in force now with its version; nil before the first one was applied.
    package func priceBook() throws(DatabaseError) -> PriceBook? {
        try priceBookInForce()?.book
    }

    /// The version in force now.
    package func priceBookInForce() throws(DatabaseError) -> PriceBookVersion? {
        try query("SELECT \(versionColumns) \(inForce)", [.time(now)]).first?.priceBookVersion()
    }

    /// True when the version in force took force by a date, not when it was applied.
    package func isPriceBookInForceByDate() throws(DatabaseError) -> Bool {
        try query("SELECT in_force_from \(inForce)", [.time(now)]).first.map { row throws(DatabaseError) in
            try row.optionalTime(0) != nil
        } ?? false
    }

    /// A version, whether it is in force or not.
    package func priceBook(version: Int) throws(DatabaseError) -> PriceBookVersion? {
        try query("SELECT \(versionColumns) FROM catalogue WHERE version = $1", [.int(version)]).first?
            .priceBookVersion()
    }

    /// The last versions that were applied, the newest first.
    package func priceBookVersions(limit: Int) throws(DatabaseError) -> [PriceBookVersion] {
        try query("SELECT \(versionColumns) FROM catalogue ORDER BY version DESC LIMIT $1", [.int(limit)])
            .map { row throws(DatabaseError) in try row.priceBookVersion() }
    }

    /// The version before a date, and the one that takes force next after it.
    package func priceBooks(
        around date: Timestamp
    ) throws(DatabaseError) -> (before: PriceBookVersion?, later: PriceBookVersion?) {
        let before = try query(
            """
            SELECT \(versionColumns) FROM catalogue WHERE COALESCE(in_force_from, applied_at) < $1
            ORDER BY COALESCE(in_force_from, applied_at) DESC, version DESC LIMIT 1
            """, [.time(date)]
        ).first?.priceBookVersion()
        let later = try query(
            """
            SELECT \(versionColumns) FROM catalogue WHERE COALESCE(in_force_from, applied_at) =
              (SELECT COALESCE(in_force_from, applied_at) FROM catalogue WHERE COALESCE(in_force_from, applied_at) > $1
                ORDER BY COALESCE(in_force_from, applied_at) LIMIT 1)
            ORDER BY version DESC LIMIT 1
            """, [.time(date)]
        ).first?.priceBookVersion()
        return (before, later)
    }

    /// True when a lane of the book does not have its limits from it.
    package func hasLanesToAlign(with book: PriceBook) throws(DatabaseError) -> Bool {
        var versions: [LaneID: Int64] = [:]
        for row in try query("SELECT id, price_version FROM lane", []) {
            versions[LaneID(try row.text(0))] = try row.optionalInteger(1) ?? 0
        }
        return book.catalogue.models.flatMap(\.routes).contains { versions[$0.lane] != Int64(book.version) }
    }
}

extension SQLTransaction {
    /// Adds a version that takes force now, or at a date to come; answers the version.
    ///
    /// One that takes force now opens or adjusts the lanes that its routes name. One with a date opens those that there
    /// are not yet; the others are adjusted when it is in force (`align`).
    package func apply(_ catalogue: Catalogue, from date: Timestamp? = nil) throws -> Int {
        let version = try query("SELECT COALESCE(MAX(version), 0) + 1 FROM catalogue", [])[0].int(0)
        // Not before the version that it follows, also where the clock was set back.
        let appliedAt = max(now, date == nil ? try priceBookInForce()?.inForceFrom ?? now : now)
        try execute(
            "INSERT INTO catalogue (version, body, applied_at, in_force_from) VALUES ($1, $2, $3, $4)",
            [.int(version), .text(try JSONText.encode(catalogue)), .time(appliedAt), .time(date)])
        let book = PriceBook(version: version, catalogue: catalogue)
        if date == nil {
            try align(book)
        } else {
            for route in book.routes { try insertLane(route) }
        }
        return version
    }

    /// Opens the lanes of a version in force, and gives those that there are its limits and costs; a lane that has them
    /// already stays as it is.
    package func align(_ book: PriceBook) throws(DatabaseError) {
        for route in book.routes { try upsertLane(route, version: book.version) }
    }

    private func insertLane(_ route: ProviderRoute) throws(DatabaseError) {
        try writeLane(route, version: nil, onConflict: "DO NOTHING")
    }

    private func upsertLane(_ route: ProviderRoute, version: Int) throws(DatabaseError) {
        try writeLane(
            route, version: version,
            onConflict: """
                DO UPDATE SET max_in_flight = excluded.max_in_flight,
                  creates_per_minute = excluded.creates_per_minute, state = 'open', closed_until = NULL,
                  cost_micros = excluded.cost_micros, is_billed_on_failure = excluded.is_billed_on_failure,
                  price_version = excluded.price_version
                WHERE lane.price_version IS NULL OR lane.price_version <> excluded.price_version
                """)
    }

    private func writeLane(
        _ route: ProviderRoute, version: Int?, onConflict conflict: String
    ) throws(DatabaseError) {
        let lane = Lane(route: route, at: now)
        try execute(
            """
            INSERT INTO lane (id, max_in_flight, creates_per_minute, state, in_flight, tokens_milli, refilled_at,
              consecutive_faults, cost_micros, is_billed_on_failure, price_version)
            VALUES ($1, $2, $3, 'open', 0, $4, $5, 0, $6, $7, $8)
            ON CONFLICT (id) \(conflict)
            """,
            [
                .text(lane.id.rawValue), .int(lane.maxInFlight), .int(lane.createsPerMinute),
                .integer(lane.tokensMilli), .time(now), .optional(lane.price?.amount.micros),
                .flag(lane.price?.isBilledOnFailure ?? false), .optional(version.map(Int64.init)),
            ])
    }
}

extension PriceBook {
    /// In the order of their ids, as every transaction locks lanes; of two models on one lane the last one counts.
    fileprivate var routes: [ProviderRoute] {
        var last: [LaneID: ProviderRoute] = [:]
        for route in catalogue.models.flatMap(\.routes) { last[route.lane] = route }
        return last.values.sorted { $0.lane < $1.lane }
    }
}
