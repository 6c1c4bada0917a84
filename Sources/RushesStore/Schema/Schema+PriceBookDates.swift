import RushesDatabase

extension Schema {
    /// Price books that take force at a date, and which of them a lane has its limits from.
    ///
    /// The date of a version that took force when it was applied is NULL: it is in force whatever a clock that was set
    /// back says.
    static func priceBookDates(_ dialect: SQLDialect) -> [String] {
        [
            "ALTER TABLE catalogue ADD COLUMN in_force_from BIGINT",
            "CREATE INDEX catalogue_in_force ON catalogue (COALESCE(in_force_from, applied_at), version)",
            "ALTER TABLE lane ADD COLUMN price_version BIGINT",
        ]
    }
}
