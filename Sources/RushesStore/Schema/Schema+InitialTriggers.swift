import RushesCore

extension Schema {
    /// Tables whose rows never change.
    static let initialAppendOnlyTables = [
        "ledger_transaction", "credit_ledger", "event", "catalogue", "purchase", "hold_part", "asset",
    ]
    /// Tables whose rows change but never go.
    static let initialKeptTables = ["organization", "wallet", "lot", "batch", "hold", "task", "attempt"]

    /// Append-only tables, the seal of the ledger, and endings that nothing can undo.
    static let initialSeals: [SchemaSeal] =
        initialAppendOnlyTables.flatMap(SchemaSeal.appendOnly) + initialKeptTables.map(SchemaSeal.kept)
        + [
            SchemaSeal(
                "ledger_transaction_sealed", .insert, on: "ledger_transaction",
                when: """
                    (SELECT COUNT(*) FROM credit_ledger WHERE organization_id = NEW.organization_id AND seq = NEW.seq)
                      <> NEW.entry_count
                      OR EXISTS (SELECT 1 FROM credit_ledger WHERE organization_id = NEW.organization_id AND seq = NEW.seq
                      GROUP BY unit HAVING SUM(amount_micros) <> 0)
                    """,
                "ledger transaction is not balanced"),
            SchemaSeal(
                "credit_ledger_unsealed", .insert, on: "credit_ledger",
                when:
                    "EXISTS (SELECT 1 FROM ledger_transaction WHERE organization_id = NEW.organization_id AND seq = NEW.seq)",
                "ledger transaction is sealed"),
            SchemaSeal(
                "ledger_transaction_chained", .insert, on: "ledger_transaction",
                when: """
                    (NEW.seq = 1 AND NEW.previous_hash <> '\(LedgerChain.genesis)')
                      OR (NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM ledger_transaction
                      WHERE organization_id = NEW.organization_id AND seq = NEW.seq - 1 AND hash = NEW.previous_hash))
                    """,
                "ledger transaction does not follow the one before"),
            SchemaSeal(
                "task_ended", .update, on: "task",
                when: "OLD.state IN ('succeeded', 'failed')",
                "an ended task never changes"),
            SchemaSeal(
                "batch_ended", .update, on: "batch",
                when: "OLD.finished_at IS NOT NULL",
                "an ended batch never changes"),
            SchemaSeal(
                "batch_price_fixed", .updateOf("unit_price_micros, total, request_id, organization_id"), on: "batch",
                "the price and the size of a batch are fixed at the freeze"),
            SchemaSeal(
                "lot_grant_fixed", .updateOf("paid_micros, face_micros, organization_id, origin"), on: "lot",
                "what a lot granted is fixed"),
            SchemaSeal(
                "hold_price_fixed", .updateOf("unit_price_micros, positions, organization_id"), on: "hold",
                "the price and the size of a hold are fixed at the freeze"),
            SchemaSeal(
                "attempt_ended", .update, on: "attempt",
                when: "OLD.ended_at IS NOT NULL",
                "an ended attempt never changes"),
            SchemaSeal(
                "hold_closed", .update, on: "hold",
                when: "OLD.closed_at IS NOT NULL",
                "a closed hold never changes"),
            SchemaSeal(
                "hold_forward", .update, on: "hold",
                when: "NEW.head < OLD.head OR NEW.tail > OLD.tail",
                "the cursors of a hold never go back"),
        ]
}
