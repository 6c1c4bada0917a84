import RushesCore

/// The rows of a new batch by plain SQL in one transaction: what `BatchService.create` is measured against. Same
/// tables, indexes, triggers and number of rows; no validation, no hash, no decision.
struct PlainInsert {
    let connection: any PlainConnection
    let way: BulkWay

    /// As long as a real one; the chain's trigger compares it with the header before.
    static let hash = String(repeating: "0", count: 64)

    /// Adds a batch.
    func run(_ batch: PlainBatch) throws {
        let wallet = try connection.rows(
            "SELECT ledger_seq, chain_head FROM wallet WHERE organization_id = \(batch.organization.quoted)")[0]
        try connection.run(["BEGIN", Self.batchRow(batch)])
        try connection.insertTasks(of: batch, by: way)
        try connection.run(
            Self.freeze(batch, number: (Int64(wallet[0]) ?? 0) + 1, previousHash: wallet[1]) + ["COMMIT"])
    }

    private static func batchRow(_ batch: PlainBatch) -> String {
        """
        INSERT INTO batch (id, organization_id, request_id, request_hash, model, lane_id, metadata, unit_price_micros,
          price_version, created_at, window_ends_at, status, total, queued, running, succeeded, failed,
          posted_succeeded, posted_failed, instalments)
        VALUES (\(batch.id.quoted), \(batch.organization.quoted), \(batch.id.quoted), \(hash.quoted),
          \(BenchWorld.model.id.quoted), \(batch.lane.quoted), '{}', \(batch.unitPrice), 1, \(batch.createdAt),
          \(batch.createdAt + 86_400_000), 'queued', \(batch.tasks.count), \(batch.tasks.count), 0, 0, 0, 0, 0, 0)
        """
    }

    /// The rows of a freeze: hold, lot, ledger, wallet and event.
    private static func freeze(_ batch: PlainBatch, number: Int64, previousHash: String) -> [String] {
        let (id, organization, lot) = (batch.id.quoted, batch.organization.quoted, batch.lot.quoted)
        let account = "lot:\(batch.lot)"
        return [
            """
            INSERT INTO hold (batch_id, organization_id, unit_price_micros, positions, head, tail, created_at)
            VALUES (\(id), \(organization), \(batch.unitPrice), \(batch.tasks.count), 0, \(batch.tasks.count),
              \(batch.createdAt))
            """,
            "INSERT INTO hold_part (batch_id, place, lot_id, amount_micros) VALUES (\(id), 1, \(lot), \(batch.total))",
            """
            UPDATE lot SET available_micros = available_micros - \(batch.total), held_micros = held_micros + \(batch.total)
            WHERE id = \(lot)
            """,
            """
            INSERT INTO credit_ledger (organization_id, seq, line, account, unit, amount_micros)
            VALUES (\(organization), \(number), 1, '\(account):available', 'uCR', -\(batch.total)),
              (\(organization), \(number), 2, '\(account):held', 'uCR', \(batch.total))
            """,
            """
            INSERT INTO ledger_transaction (organization_id, seq, id, kind, reference, batch_id, created_at,
              available_after_micros, held_after_micros, entry_count, previous_hash, hash)
            VALUES (\(organization), \(number), 'ltx_\(batch.id)', 'freeze', 'freeze:\(batch.id)', \(id),
              \(batch.createdAt), 0, 0, 2, \(previousHash.quoted), \(hash.quoted))
            """,
            """
            UPDATE wallet SET available_micros = available_micros - \(batch.total),
              held_micros = held_micros + \(batch.total), ledger_seq = \(number), chain_head = \(hash.quoted),
              event_seq = event_seq + 1 WHERE organization_id = \(organization)
            """,
            """
            INSERT INTO event (organization_id, seq, id, type, batch_id, data, created_at)
            SELECT organization_id, event_seq, 'evt_\(batch.id)', 'batch.queued', \(id), '{}', \(batch.createdAt)
            FROM wallet WHERE organization_id = \(organization)
            """,
        ]
    }
}
