import RushesDatabase

extension SQLReading {
    /// Disputes of payments, against the wallet that they suspend and against the ledger.
    static var disputeQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .disputeSuspendsItsWallet, naming: ["wallet's disputes", "disputes", "freeze while suspended"],
                """
                SELECT w.organization_id, w.disputes, COUNT(d.id), NULL
                FROM wallet w LEFT JOIN dispute d ON d.organization_id = w.organization_id
                  AND d.state IN ('open', 'lost')
                WHERE w.organization_id = $1 GROUP BY w.organization_id, w.disputes HAVING w.disputes <> COUNT(d.id)
                UNION ALL
                SELECT d.id, NULL, NULL, t.reference
                FROM dispute d INNER JOIN ledger_transaction t ON t.organization_id = d.organization_id
                  AND t.seq > d.opened_seq AND (d.closed_seq IS NULL OR t.seq <= d.closed_seq)
                WHERE d.organization_id = $1 AND t.kind = 'freeze'
                """),
            InvariantQuery(
                .disputeIsPosted, naming: ["state", "loss", "posted", "kept", "asked for", "went back"],
                """
                WITH posted AS (
                  SELECT t.reference,
                    CAST(SUM(CASE WHEN e.account = 'dispute_loss' THEN e.amount_micros ELSE 0 END) AS BIGINT) AS micros,
                    CAST(-SUM(CASE WHEN e.account = 'cash' THEN e.amount_micros ELSE 0 END) AS BIGINT) AS cash
                  FROM ledger_transaction t INNER JOIN credit_ledger e ON e.organization_id = t.organization_id
                    AND e.seq = t.seq AND e.account IN ('dispute_loss', 'cash')
                  WHERE t.organization_id = $1 AND t.kind = 'dispute' GROUP BY t.reference),
                kept AS (
                  SELECT d.id, p.paid_micros + COALESCE(i.tax_micros, 0) - COALESCE(r.cash_micros + r.tax_micros, 0)
                    AS micros, CASE WHEN r.reference = 'dispute:' || d.reference THEN r.cash_micros + r.tax_micros
                    ELSE 0 END AS refunded
                  FROM dispute d INNER JOIN purchase p ON p.id = d.purchase_id
                    LEFT JOIN invoice i ON i.purchase_id = p.id AND i.kind = 'invoice' AND i.state <> 'void'
                    LEFT JOIN purchase_refund r ON r.purchase_id = p.id
                  WHERE d.organization_id = $1)
                SELECT d.id, d.state, d.loss_micros, p.micros, k.micros, d.amount_micros,
                  COALESCE(p.cash, 0) + COALESCE(k.refunded, 0)
                FROM dispute d LEFT JOIN posted p ON p.reference = 'dispute:' || d.reference
                  LEFT JOIN kept k ON k.id = d.id
                WHERE d.organization_id = $1 AND (COALESCE(p.micros, 0) <> d.loss_micros
                  OR (d.state = 'charged_back' AND d.amount_micros IS NULL AND d.loss_micros <> COALESCE(k.micros, -1))
                  OR (d.state = 'charged_back'
                    AND d.amount_micros <> COALESCE(p.cash, 0) + COALESCE(k.refunded, 0)))
                UNION ALL
                SELECT p.reference, NULL, NULL, p.micros, NULL, NULL, p.cash FROM posted p
                WHERE NOT EXISTS (SELECT 1 FROM dispute d WHERE 'dispute:' || d.reference = p.reference
                  AND d.organization_id = $1)
                """),
        ]
    }
}
