extension Schema {
    /// Partial indexes: each is empty when there is no such work, so that history costs nothing.
    ///
    /// Their conditions are written with OR: SQLite does not see that `state = 'a'` implies `state IN ('a', 'b')`, and
    /// would read the whole table.
    static let initialIndexes: [String] = [
        "CREATE INDEX lot_drawable ON lot (organization_id, priority, sequence) WHERE available_micros > 0",
        "CREATE INDEX lot_held ON lot (organization_id, sequence) WHERE held_micros > 0",
        "CREATE INDEX batch_organization ON batch (organization_id, id)",
        "CREATE INDEX batch_dispatch ON batch (lane_id, id) WHERE queued > 0 AND cancel_requested_at IS NULL",
        "CREATE INDEX batch_settle ON batch (settle_due_at) WHERE settle_due_at IS NOT NULL",
        "CREATE INDEX batch_window ON batch (window_ends_at) WHERE queued > 0",
        """
        CREATE INDEX batch_cancelled ON batch (cancel_requested_at)
          WHERE cancel_requested_at IS NOT NULL AND queued > 0
        """,
        "CREATE INDEX hold_open ON hold (created_at) WHERE closed_at IS NULL",
        "CREATE INDEX hold_part_lot ON hold_part (lot_id)",
        """
        CREATE UNIQUE INDEX ledger_batch ON ledger_transaction (organization_id, batch_id, seq)
          WHERE batch_id IS NOT NULL
        """,
        "CREATE INDEX task_ready ON task (batch_id, due_at, place) WHERE state = 'queued'",
        """
        CREATE INDEX task_due ON task (state, due_at)
          WHERE state = 'submitting' OR state = 'running' OR state = 'storing'
        """,
        """
        CREATE INDEX task_deadline ON task (state, deadline_at) WHERE deadline_at IS NOT NULL
          AND (state = 'queued' OR state = 'submitting' OR state = 'running' OR state = 'storing')
        """,
        "CREATE UNIQUE INDEX attempt_job ON attempt (lane_id, provider_job) WHERE provider_job IS NOT NULL",
        "CREATE INDEX attempt_slot ON attempt (lane_id, task_id) WHERE holds_slot = 1",
        "CREATE INDEX attempt_watch ON attempt (watch_at) WHERE watch_at IS NOT NULL",
        "CREATE INDEX event_batch ON event (batch_id, seq) WHERE batch_id IS NOT NULL",
    ]
}
