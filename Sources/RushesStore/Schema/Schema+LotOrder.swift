import RushesDatabase

extension Schema {
    /// Lots in the order in which they are drawn, so that a freeze reads the first few and not all of them.
    static let lotsAsDrawn = [
        """
        CREATE INDEX lot_drawn ON lot (organization_id, priority, (COALESCE(expires_at, 9223372036854775807)), sequence)
          WHERE available_micros > 0
        """,
        "DROP INDEX lot_drawable",
    ]
}
