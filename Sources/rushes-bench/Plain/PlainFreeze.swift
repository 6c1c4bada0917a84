import RushesCore

/// The rows of a freeze: hold, lot, wallet, ledger and event.
struct PlainFreeze {
    /// As long as a real one; the chain's trigger compares it with the header before.
    static let hash = String(repeating: "0", count: 64)

    private let hold: PlainStatement
    private let part: PlainStatement
    private let lot: PlainStatement
    private let sequence: PlainStatement
    private let head: PlainStatement
    private let entry: PlainStatement
    private let header: PlainStatement
    private let wallet: PlainStatement
    private let event: PlainStatement

    init(_ database: PlainSQLite) throws {
        hold = try database.prepare(
            """
            INSERT INTO hold (batch_id, organization_id, unit_price_micros, positions, head, tail, created_at)
            VALUES (?, ?, ?, ?, 0, ?, ?)
            """)
        part = try database.prepare(
            "INSERT INTO hold_part (batch_id, place, lot_id, amount_micros) VALUES (?, 1, ?, ?)")
        lot = try database.prepare(
            "UPDATE lot SET available_micros = available_micros - ?, held_micros = held_micros + ? WHERE id = ?")
        sequence = try database.prepare("SELECT ledger_seq + 1 FROM wallet WHERE organization_id = ?")
        head = try database.prepare("SELECT chain_head FROM wallet WHERE organization_id = ?")
        entry = try database.prepare(
            """
            INSERT INTO credit_ledger (organization_id, seq, line, account, unit, amount_micros)
            VALUES (?, ?, ?, ?, 'uCR', ?)
            """)
        header = try database.prepare(
            """
            INSERT INTO ledger_transaction (organization_id, seq, id, kind, reference, batch_id, created_at,
              available_after_micros, held_after_micros, entry_count, previous_hash, hash)
            VALUES (?, ?, ?, 'freeze', ?, ?, ?, 0, 0, 2, ?, ?)
            """)
        wallet = try database.prepare(
            """
            UPDATE wallet SET available_micros = available_micros - ?, held_micros = held_micros + ?,
              ledger_seq = ledger_seq + 1, chain_head = ?, event_seq = event_seq + 1 WHERE organization_id = ?
            """)
        event = try database.prepare(
            """
            INSERT INTO event (organization_id, seq, id, type, batch_id, data, created_at)
            SELECT organization_id, event_seq, ?, 'batch.queued', ?, '{}', ? FROM wallet WHERE organization_id = ?
            """)
    }

    func run(_ batch: PlainBatch) throws {
        let total = batch.total
        try hold.run(
            batch.id, batch.organization, batch.unitPrice, batch.tasks.count, batch.tasks.count, batch.createdAt)
        try part.run(batch.id, batch.lot, total)
        try lot.run(total, total, batch.lot)
        let number = Int64(try sequence.texts(batch.organization)[0]) ?? 0
        let previous = try head.texts(batch.organization)[0]
        try entry.run(batch.organization, number, 1, "lot:\(batch.lot):available", -total)
        try entry.run(batch.organization, number, 2, "lot:\(batch.lot):held", total)
        try header.run(
            batch.organization, number, "ltx_\(batch.id)", "freeze:\(batch.id)", batch.id, batch.createdAt, previous,
            Self.hash)
        try wallet.run(total, total, Self.hash, batch.organization)
        try event.run("evt_\(batch.id)", batch.id, batch.createdAt, batch.organization)
    }
}
