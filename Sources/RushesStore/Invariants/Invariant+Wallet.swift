package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What does not hold in a wallet: its lots against the ledger, its holds and its purchases. The chain is
    /// `violations(ofLedgerOf:after:)`.
    package func violations(ofWallet organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        var found: [InvariantViolation] = []
        for query in Self.walletQueries + Self.grantQueries + Self.budgetQueries + Self.disputeQueries
            + Self.removalQueries
        {
            found += try query.violations(in: self, [.text(organization.rawValue)])
        }
        return try found + lotViolations(organization) + invoiceViolations(organization)
    }

    private static var walletQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .walletIsItsLots, naming: ["available", "held", "lots' available", "lots' held"],
                """
                SELECT w.organization_id, w.available_micros, w.held_micros,
                  CAST(COALESCE(SUM(l.available_micros), 0) AS BIGINT),
                  CAST(COALESCE(SUM(l.held_micros), 0) AS BIGINT)
                FROM wallet w LEFT JOIN lot l ON l.organization_id = w.organization_id
                WHERE w.organization_id = $1 GROUP BY w.organization_id, w.available_micros, w.held_micros
                HAVING w.available_micros <> COALESCE(SUM(l.available_micros), 0)
                  OR w.held_micros <> COALESCE(SUM(l.held_micros), 0)
                """),
            InvariantQuery(
                .lotIsItsHolds, naming: ["held", "captured", "holds' open part", "holds' captured part"],
                """
                WITH part AS (
                  SELECT p.lot_id, p.amount_micros AS amount, h.unit_price_micros * h.head AS head_at,
                    h.unit_price_micros * h.tail AS tail_at,
                    SUM(p.amount_micros) OVER (PARTITION BY p.batch_id ORDER BY p.place) AS end_at
                  FROM batch b INNER JOIN hold h ON h.batch_id = b.id INNER JOIN hold_part p ON p.batch_id = h.batch_id
                  WHERE b.organization_id = $1),
                share AS (
                  SELECT lot_id,
                    CASE WHEN head_at >= end_at THEN amount WHEN head_at <= end_at - amount THEN 0
                      ELSE head_at - end_at + amount END AS captured,
                    CASE WHEN tail_at >= end_at THEN amount WHEN tail_at <= end_at - amount THEN 0
                      ELSE tail_at - end_at + amount END AS kept
                  FROM part),
                total AS (
                  SELECT lot_id, CAST(SUM(captured) AS BIGINT) AS captured, CAST(SUM(kept - captured) AS BIGINT) AS held
                  FROM share GROUP BY lot_id)
                SELECT l.id, l.held_micros, l.captured_micros, COALESCE(t.held, 0), COALESCE(t.captured, 0)
                FROM lot l LEFT JOIN total t ON t.lot_id = l.id
                WHERE l.organization_id = $1
                  AND (l.held_micros <> COALESCE(t.held, 0) OR l.captured_micros <> COALESCE(t.captured, 0))
                """),
            InvariantQuery(
                .purchaseIsPosted, naming: ["paid", "face", "lot's paid", "lot's face", "posting"],
                """
                SELECT p.id, p.paid_micros, p.face_micros, l.paid_micros, l.face_micros, t.kind
                FROM purchase p LEFT JOIN lot l ON l.id = p.lot_id AND l.organization_id = p.organization_id
                  LEFT JOIN ledger_transaction t ON t.reference = 'purchase:' || p.reference
                    AND t.organization_id = p.organization_id
                WHERE p.organization_id = $1 AND (l.id IS NULL OR l.paid_micros <> p.paid_micros
                  OR l.face_micros <> p.face_micros OR t.kind IS NULL OR t.kind <> 'purchase')
                """),
        ]
    }

    /// Lots against the ledger, a page at a time: their sums are read by SQL, the recognized cash is Core's rule.
    private func lotViolations(_ organization: OrganizationID) throws(DatabaseError) -> [InvariantViolation] {
        var found: [InvariantViolation] = []
        var last = 0
        while true {
            let rows = try query(Self.lotTotals, [.text(organization.rawValue), .int(last)])
            for row in rows {
                let lot = try row.lot()
                last = lot.sequence
                found += lot.violations(
                    available: try row.credits(14), held: try row.credits(15), deferred: try row.dollars(16))
            }
            if rows.count < Self.lotsPerPage { return found }
        }
    }

    /// Each page sums the whole ledger, so pages are large.
    private static var lotsPerPage: Int { 10_000 }

    private static var lotTotals: String {
        """
        WITH total AS (
          SELECT account, CAST(SUM(amount_micros) AS BIGINT) AS micros FROM credit_ledger WHERE organization_id = $1
          GROUP BY account)
        SELECT l.id, l.origin, l.priority, l.paid_micros, l.face_micros, l.available_micros, l.held_micros,
          l.captured_micros, l.expires_at, l.sequence, l.expired_micros, l.revoked_micros, l.adjusted_micros,
          l.refunded_micros, COALESCE(a.micros, 0), COALESCE(h.micros, 0), COALESCE(d.micros, 0)
        FROM lot l LEFT JOIN total a ON a.account = 'lot:' || l.id || ':available'
          LEFT JOIN total h ON h.account = 'lot:' || l.id || ':held'
          LEFT JOIN total d ON d.account = 'deferred:' || l.id
        WHERE l.organization_id = $1 AND l.sequence > $2 ORDER BY l.sequence LIMIT \(lotsPerPage)
        """
    }
}

extension Lot {
    fileprivate func violations(available: Credits, held: Credits, deferred: Dollars) -> [InvariantViolation] {
        var found: [InvariantViolation] = []
        func check(_ invariant: Invariant, _ holds: Bool, _ detail: String) {
            if !holds { found.append(InvariantViolation(invariant, id.rawValue, detail)) }
        }
        check(
            .lotIsItsEntries, self.available == available && self.held == held,
            "available \(self.available.micros), held \(self.held.micros), entries' \(available.micros), \(held.micros)"
        )
        check(
            .lotIsConserved,
            face == self.available + self.held + captured + gone.total
                && min(self.available, self.held, captured, gone.expired, gone.revoked, gone.adjusted) >= .zero,
            "face \(face.micros), available \(self.available.micros), held \(self.held.micros), captured "
                + "\(captured.micros), gone \(gone.total.micros)")
        check(
            .lotRecognizesExactly, -deferred == self.deferred,
            "deferred \(deferred.micros), paid \(paid.micros), recognized \(recognized.micros), paid back "
                + "\(gone.refunded.micros)")
        return found
    }
}
