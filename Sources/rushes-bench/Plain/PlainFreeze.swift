import RushesCore

/// The rows of several new batches of one wallet by plain SQL, in one transaction and one round trip: what the database
/// itself needs for creations that share a commit. A statement for each table; no validation, no hash, no decision.
struct PlainFreeze {
    private let executions: [PlainExecution]

    /// Statements for batches of one organization; `place` is where its ledger and its feed stand.
    init(_ batches: [PlainBatch], after place: Place) {
        let total = batches.reduce(0) { $0 + $1.total }
        let first = batches[0]
        executions =
            [
                .inserting(batches.map(\.row), into: "batch", PlainBatch.columns),
                .inserting(batches.flatMap { $0.taskRows() }, into: "task", PlainBatch.taskColumns),
            ] + Self.holds(batches) + Self.ledger(batches, after: place) + [
                PlainExecution(
                    """
                    UPDATE lot SET available_micros = available_micros - \(total), held_micros = held_micros + \(total)
                    WHERE id = \(first.lot.quoted)
                    """, rows: 1),
                PlainExecution(
                    """
                    UPDATE wallet SET available_micros = available_micros - \(total),
                      held_micros = held_micros + \(total), ledger_seq = ledger_seq + \(batches.count),
                      chain_head = \(PlainInsert.hash.quoted), event_seq = event_seq + \(batches.count)
                    WHERE organization_id = \(first.organization.quoted)
                    """, rows: 1),
                .inserting(
                    batches.enumerated().map { index, batch in
                        [
                            batch.organization, "\(place.event + index + 1)", "evt_\(batch.id)", "batch.queued",
                            batch.id,
                            "{}", "\(batch.createdAt)",
                        ]
                    }, into: "event", "organization_id, seq, id, type, batch_id, data, created_at"),
            ]
    }

    /// Writes the rows.
    func run(on connection: any PlainConnection) throws { try connection.commit(executions) }

    private static func holds(_ batches: [PlainBatch]) -> [PlainExecution] {
        [
            .inserting(
                batches.map { batch in
                    let count = "\(batch.tasks.count)"
                    return [
                        batch.id, batch.organization, "\(batch.unitPrice)", count, "0", count, "\(batch.createdAt)",
                    ]
                }, into: "hold", "batch_id, organization_id, unit_price_micros, positions, head, tail, created_at"),
            .inserting(
                batches.map { [$0.id, "1", $0.lot, "\($0.total)"] }, into: "hold_part",
                "batch_id, place, lot_id, amount_micros"),
        ]
    }

    private static func ledger(_ batches: [PlainBatch], after place: Place) -> [PlainExecution] {
        let numbered = batches.enumerated().map { index, batch in (batch: batch, number: place.ledger + index + 1) }
        return [
            .inserting(
                numbered.flatMap { batch, number in
                    [("1", "available", -batch.total), ("2", "held", batch.total)].map { line, account, amount in
                        [batch.organization, "\(number)", line, "lot:\(batch.lot):\(account)", "uCR", "\(amount)"]
                    }
                }, into: "credit_ledger", "organization_id, seq, line, account, unit, amount_micros"),
            .inserting(
                numbered.map { batch, number in
                    [
                        batch.organization, "\(number)", "ltx_\(batch.id)", "freeze", "freeze:\(batch.id)", batch.id,
                        "\(batch.createdAt)", "0", "0", "2",
                        number == place.ledger + 1 ? place.hash : PlainInsert.hash, PlainInsert.hash,
                    ]
                }, into: "ledger_transaction",
                """
                organization_id, seq, id, kind, reference, batch_id, created_at, available_after_micros,
                held_after_micros, entry_count, previous_hash, hash
                """),
        ]
    }

    /// Where an organization's ledger and its feed stand.
    struct Place {
        let ledger: Int
        let hash: String
        let event: Int

        /// As the wallet says it.
        init(of organization: String, _ connection: any PlainConnection) throws {
            let wallet = "wallet WHERE organization_id = \(organization.quoted)"
            let row = try connection.rows("SELECT ledger_seq, chain_head, event_seq FROM \(wallet)")[0]
            (ledger, hash, event) = (Int(row[0]) ?? 0, row[1], Int(row[2]) ?? 0)
        }
    }
}

extension PlainBatch {
    fileprivate static let columns = """
        id, organization_id, request_id, request_hash, model, lane_id, metadata, unit_price_micros, price_version,
        created_at, window_ends_at, status, total, queued, running, succeeded, failed, posted_succeeded, posted_failed,
        instalments
        """

    fileprivate var row: [String] {
        let count = "\(tasks.count)"
        return [
            id, organization, id, PlainInsert.hash, BenchWorld.model.id, lane, "{}", "\(unitPrice)", "1",
            "\(createdAt)", "\(createdAt + 86_400_000)", "queued", count, count, "0", "0", "0", "0", "0", "0",
        ]
    }
}
