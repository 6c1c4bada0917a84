import RushesCore

extension Schema {
    /// Append-only tables, the seal of the ledger, and endings that nothing can undo.
    static let initialTriggersSQLite: [String] =
        ["ledger_transaction", "credit_ledger", "event", "catalogue", "purchase", "hold_part", "asset"].flatMap(
            appendOnly)
        + ["organization", "wallet", "lot", "batch", "hold", "task", "attempt"].map(kept)
        + [
            """
            CREATE TRIGGER ledger_transaction_sealed BEFORE INSERT ON ledger_transaction
            WHEN (SELECT COUNT(*) FROM credit_ledger WHERE organization_id = NEW.organization_id AND seq = NEW.seq)
                <> NEW.entry_count
              OR EXISTS (SELECT 1 FROM credit_ledger WHERE organization_id = NEW.organization_id AND seq = NEW.seq
                GROUP BY unit HAVING SUM(amount_micros) <> 0)
            BEGIN SELECT RAISE(ABORT, 'ledger transaction is not balanced'); END
            """,
            """
            CREATE TRIGGER credit_ledger_unsealed BEFORE INSERT ON credit_ledger
            WHEN EXISTS (SELECT 1 FROM ledger_transaction WHERE organization_id = NEW.organization_id AND seq = NEW.seq)
            BEGIN SELECT RAISE(ABORT, 'ledger transaction is sealed'); END
            """,
            """
            CREATE TRIGGER ledger_transaction_chained BEFORE INSERT ON ledger_transaction
            WHEN (NEW.seq = 1 AND NEW.previous_hash <> '\(LedgerChain.genesis)')
              OR (NEW.seq > 1 AND NOT EXISTS (SELECT 1 FROM ledger_transaction
                WHERE organization_id = NEW.organization_id AND seq = NEW.seq - 1 AND hash = NEW.previous_hash))
            BEGIN SELECT RAISE(ABORT, 'ledger transaction does not follow the one before'); END
            """,
            """
            CREATE TRIGGER task_ended BEFORE UPDATE ON task WHEN OLD.state IN ('succeeded', 'failed')
            BEGIN SELECT RAISE(ABORT, 'an ended task never changes'); END
            """,
            """
            CREATE TRIGGER batch_ended BEFORE UPDATE ON batch WHEN OLD.finished_at IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'an ended batch never changes'); END
            """,
            """
            CREATE TRIGGER batch_price_fixed
            BEFORE UPDATE OF unit_price_micros, total, request_id, organization_id ON batch
            BEGIN SELECT RAISE(ABORT, 'the price and the size of a batch are fixed at the freeze'); END
            """,
            """
            CREATE TRIGGER lot_grant_fixed BEFORE UPDATE OF paid_micros, face_micros, organization_id, origin ON lot
            BEGIN SELECT RAISE(ABORT, 'what a lot granted is fixed'); END
            """,
            """
            CREATE TRIGGER hold_price_fixed BEFORE UPDATE OF unit_price_micros, positions, organization_id ON hold
            BEGIN SELECT RAISE(ABORT, 'the price and the size of a hold are fixed at the freeze'); END
            """,
            """
            CREATE TRIGGER attempt_ended BEFORE UPDATE ON attempt WHEN OLD.ended_at IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'an ended attempt never changes'); END
            """,
            """
            CREATE TRIGGER hold_closed BEFORE UPDATE ON hold WHEN OLD.closed_at IS NOT NULL
            BEGIN SELECT RAISE(ABORT, 'a closed hold never changes'); END
            """,
            """
            CREATE TRIGGER hold_forward BEFORE UPDATE ON hold WHEN NEW.head < OLD.head OR NEW.tail > OLD.tail
            BEGIN SELECT RAISE(ABORT, 'the cursors of a hold never go back'); END
            """,
        ]

    /// Rows that change but never go; it also keeps INSERT OR REPLACE from getting around the triggers on UPDATE.
    private static func kept(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_kept BEFORE DELETE ON \(table)
        BEGIN SELECT RAISE(ABORT, '\(table) rows are not deleted'); END
        """
    }

    private static func appendOnly(_ table: String) -> [String] {
        [
            """
            CREATE TRIGGER \(table)_no_update BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
            """,
            """
            CREATE TRIGGER \(table)_no_delete BEFORE DELETE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END
            """,
        ]
    }
}
