import RushesCore

/// The rows of a new batch by plain prepared statements in one transaction: what `BatchService.create` is measured
/// against. Same tables, indexes, triggers and number of rows; no validation, no hash, no decision.
struct PlainInsert {
    private let database: PlainSQLite
    private let batch: PlainStatement
    private let task: PlainStatement
    private let money: PlainFreeze

    init(_ database: PlainSQLite) throws {
        self.database = database
        batch = try database.prepare(
            """
            INSERT INTO batch (id, organization_id, request_id, request_hash, model, lane_id, metadata,
              unit_price_micros, price_version, created_at, window_ends_at, status, total, queued, running, succeeded,
              failed, posted_succeeded, posted_failed, instalments)
            VALUES (?, ?, ?, ?, ?, ?, '{}', ?, 1, ?, ?, 'queued', ?, ?, 0, 0, 0, 0, 0, 0)
            """)
        task = try database.prepare(
            """
            INSERT INTO task (id, batch_id, organization_id, lane_id, place, custom_id, prompt, seconds, size,
              created_at, state, attempt, generations, blind_resubmissions, tries, due_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        money = try PlainFreeze(database)
    }

    func run(_ values: PlainBatch) throws {
        try database.transaction {
            try batch.run(
                values.id, values.organization, values.id, PlainFreeze.hash, BenchWorld.model.id, values.lane,
                values.unitPrice, values.createdAt, values.createdAt + 86_400_000, values.tasks.count,
                values.tasks.count)
            for row in values.tasks {
                try task.run(
                    row.id, values.id, values.organization, values.lane, row.place, row.customID, row.prompt, 4,
                    "1280x720", values.createdAt, "queued", 0, 0, 0, 0, values.createdAt)
            }
            try money.run(values)
        }
    }
}
