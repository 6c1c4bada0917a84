import RushesCore
import RushesDatabase

extension SQLReading {
    /// What came into a wallet and left it otherwise than by a batch, against the ledger.
    static var grantQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .purchaseIsItsIntent, naming: ["state", "paid", "face", "granted paid", "granted face", "refund"],
                """
                SELECT i.id, i.state, i.paid_micros, i.face_micros, p.paid_micros, p.face_micros, r.purchase_id
                FROM purchase_intent i LEFT JOIN purchase p ON p.id = i.id AND p.organization_id = i.organization_id
                  LEFT JOIN purchase_refund r ON r.purchase_id = i.id AND r.organization_id = i.organization_id
                WHERE i.organization_id = $1 AND ((i.state IN ('granted', 'refunded')) <> (p.id IS NOT NULL)
                  OR p.paid_micros <> i.paid_micros OR p.face_micros <> i.face_micros
                  OR (i.state = 'refunded') <> (r.purchase_id IS NOT NULL))
                UNION ALL
                SELECT p.id, NULL, NULL, NULL, p.paid_micros, p.face_micros, NULL FROM purchase p
                WHERE p.organization_id = $1 AND NOT EXISTS (SELECT 1 FROM purchase_intent i WHERE i.id = p.id)
                """),
            InvariantQuery(
                .grantIsPosted, naming: ["face", "lot's face", "posting"],
                """
                SELECT g.id, g.face_micros, l.face_micros, t.kind
                FROM credit_grant g LEFT JOIN lot l ON l.id = g.lot_id AND l.organization_id = g.organization_id
                  LEFT JOIN ledger_transaction t ON t.reference = 'grant:' || g.reference
                    AND t.organization_id = g.organization_id
                WHERE g.organization_id = $1 AND (l.id IS NULL OR l.face_micros <> g.face_micros
                  OR l.origin <> g.origin OR l.paid_micros <> 0 OR t.kind IS NULL OR t.kind <> 'grant')
                """),
            InvariantQuery(
                .adjustmentIsPosted, naming: ["state", "amount", "posting", "posted"],
                """
                SELECT a.id, a.state, a.amount_micros, t.kind, CAST(COALESCE(SUM(e.amount_micros), 0) AS BIGINT)
                FROM adjustment a LEFT JOIN ledger_transaction t ON t.reference = 'adjust:' || a.id
                    AND t.organization_id = a.organization_id
                  LEFT JOIN credit_ledger e ON e.organization_id = t.organization_id AND e.seq = t.seq
                    AND e.account IN ('issuance', 'adjust')
                WHERE a.organization_id = $1 GROUP BY a.id, a.state, a.amount_micros, t.kind
                HAVING (a.state = 'approved') <> (t.kind IS NOT NULL)
                  OR (t.kind IS NOT NULL AND (t.kind <> 'adjustment' OR SUM(e.amount_micros) <> -a.amount_micros))
                """),
            InvariantQuery(
                .refundIsPosted, naming: ["credits", "cash", "posting"],
                """
                SELECT r.purchase_id, r.credits_micros, r.cash_micros, t.kind
                FROM purchase_refund r LEFT JOIN purchase p ON p.id = r.purchase_id
                  LEFT JOIN lot l ON l.id = p.lot_id
                  LEFT JOIN ledger_transaction t ON t.reference = 'refund:' || r.purchase_id
                    AND t.organization_id = r.organization_id
                WHERE r.organization_id = $1 AND (t.kind IS NULL OR t.kind <> 'refund' OR l.id IS NULL
                  OR l.revoked_micros <> r.credits_micros OR l.refunded_micros <> r.cash_micros)
                """),
            InvariantQuery(
                .walletAlertIsRight, naming: ["available", "mark", "is low"],
                """
                SELECT organization_id, available_micros, low_balance_micros, is_low FROM wallet
                WHERE organization_id = $1
                  AND is_low <> CASE WHEN available_micros < low_balance_micros THEN 1 ELSE 0 END
                """),
            InvariantQuery(
                .walletLostAsPosted, naming: ["expired", "revoked", "adjusted", "lots'", "lots'", "lots'"],
                """
                WITH posted AS (
                  SELECT CAST(COALESCE(SUM(CASE WHEN account = 'expired' THEN amount_micros ELSE 0 END), 0) AS BIGINT)
                      AS expired,
                    CAST(COALESCE(SUM(CASE WHEN account = 'revoked' THEN amount_micros ELSE 0 END), 0) AS BIGINT)
                      AS revoked,
                    CAST(COALESCE(SUM(CASE WHEN account = 'adjust' THEN amount_micros ELSE 0 END), 0) AS BIGINT)
                      AS adjusted
                  FROM credit_ledger WHERE organization_id = $1),
                gone AS (
                  SELECT CAST(COALESCE(SUM(expired_micros), 0) AS BIGINT) AS expired,
                    CAST(COALESCE(SUM(revoked_micros), 0) AS BIGINT) AS revoked,
                    CAST(COALESCE(SUM(adjusted_micros), 0) AS BIGINT) AS adjusted
                  FROM lot WHERE organization_id = $1)
                SELECT w.organization_id, p.expired, p.revoked, p.adjusted, g.expired, g.revoked, g.adjusted
                FROM wallet w CROSS JOIN posted p CROSS JOIN gone g
                WHERE w.organization_id = $1
                  AND (p.expired <> g.expired OR p.revoked <> g.revoked OR p.adjusted <> g.adjusted)
                """),
        ]
    }
}
