package import RushesCore
package import RushesDatabase

extension SingleQuery<Hold?> {
    /// A batch's hold, open or closed.
    package static func hold(of batch: BatchID) -> SingleQuery<Hold?> {
        SingleQuery(
            """
            SELECT h.unit_price_micros, h.positions, h.head, h.tail, p.lot_id, p.amount_micros
            FROM hold h JOIN hold_part p ON p.batch_id = h.batch_id WHERE h.batch_id = $1 ORDER BY p.place
            """, [.text(batch.rawValue)]
        ) { rows throws(DatabaseError) in
            guard let row = rows.first else { return nil }
            return Hold(
                batch: batch, unitPrice: try row.credits(0), count: try row.int(1),
                parts: try rows.map { row throws(DatabaseError) in
                    HoldPart(lot: try row.id(4, LotIdentity.self), amount: try row.credits(5))
                },
                head: try row.int(2), tail: try row.int(3))
        }
    }
}

extension SQLReading {
    /// A batch's hold, open or closed.
    package func hold(of batch: BatchID) throws(DatabaseError) -> Hold? { try read(.hold(of: batch)) }
}

extension SQLTransaction {
    /// Adds new holds with their parts.
    func insert(_ holds: [Hold], of organization: OrganizationID) throws(DatabaseError) {
        try bulkInsert(
            "hold", ["batch_id", "organization_id", "unit_price_micros", "positions", "head", "tail", "created_at"],
            holds.map { hold in
                [
                    .text(hold.batch.rawValue), .text(organization.rawValue), .integer(hold.unitPrice.micros),
                    .int(hold.count), .int(hold.head), .int(hold.tail), .time(now),
                ]
            })
        try bulkInsert(
            "hold_part", ["batch_id", "place", "lot_id", "amount_micros"],
            holds.flatMap { hold in
                hold.parts.enumerated().map { index, part in
                    [
                        .text(hold.batch.rawValue), .int(index + 1), .text(part.lot.rawValue),
                        .integer(part.amount.micros),
                    ]
                }
            })
    }

    /// Moves a hold's cursors; closes it when they have met.
    func save(_ hold: Hold) throws(DatabaseError) {
        try enqueue(
            "UPDATE hold SET head = $1, tail = $2, closed_at = $3 WHERE batch_id = $4",
            [.int(hold.head), .int(hold.tail), hold.isClosed ? .time(now) : .null, .text(hold.batch.rawValue)])
    }
}
