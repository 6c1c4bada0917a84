package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// What does not hold in a batch: its hold, its postings, its tasks, their attempts and videos.
    package func violations(ofBatch batch: BatchID) throws(DatabaseError) -> [InvariantViolation] {
        var found: [InvariantViolation] = []
        for query in Self.batchMoneyQueries + Self.batchTaskQueries + Self.batchAttemptQueries
            + Self.batchRemovalQueries
        {
            found += try query.violations(in: self, [.text(batch.rawValue)])
        }
        return try found + violations(ofPriceOf: batch)
    }

    private static var batchMoneyQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .holdIsItsParts, naming: ["tasks", "price", "positions", "hold's price", "parts"],
                """
                SELECT b.id, b.total, b.unit_price_micros, h.positions, h.unit_price_micros,
                  CAST(SUM(p.amount_micros) AS BIGINT)
                FROM batch b LEFT JOIN hold h ON h.batch_id = b.id AND h.organization_id = b.organization_id
                  LEFT JOIN hold_part p ON p.batch_id = h.batch_id
                WHERE b.id = $1 GROUP BY b.id, b.total, b.unit_price_micros, h.positions, h.unit_price_micros
                HAVING h.positions IS NULL OR h.positions <> b.total OR h.unit_price_micros <> b.unit_price_micros
                  OR SUM(p.amount_micros) IS NULL OR SUM(p.amount_micros) <> b.total * b.unit_price_micros
                """),
            InvariantQuery(
                .holdIsSettledAsPosted, naming: ["posted successes", "posted failures", "head", "tail", "positions"],
                """
                SELECT b.id, b.posted_succeeded, b.posted_failed, h.head, h.tail, h.positions
                FROM batch b INNER JOIN hold h ON h.batch_id = b.id
                WHERE b.id = $1 AND (h.head <> b.posted_succeeded OR h.positions - h.tail <> b.posted_failed)
                """),
            InvariantQuery(
                .batchEndsWithItsHold, naming: ["status", "open tasks", "successes", "tasks", "hold closed at"],
                """
                SELECT b.id, b.status, b.queued + b.running, b.succeeded, b.total, h.closed_at
                FROM batch b INNER JOIN hold h ON h.batch_id = b.id
                WHERE b.id = $1 AND ((b.finished_at IS NOT NULL) <> (h.closed_at IS NOT NULL)
                  OR (b.finished_at IS NOT NULL) <> (h.head = h.tail)
                  OR (b.finished_at IS NOT NULL AND b.queued + b.running > 0)
                  OR (b.finished_at IS NOT NULL AND b.status <> CASE WHEN b.succeeded = b.total THEN 'completed'
                    WHEN b.succeeded = 0 THEN 'failed' ELSE 'partial' END)
                  OR (b.finished_at IS NULL AND b.status NOT IN ('queued', 'processing'))
                  OR (b.finished_at IS NULL AND (b.status = 'queued') <> (b.started_at IS NULL)))
                """),
            // CROSS JOIN keeps SQLite from reading the organization's whole ledger for each batch.
            InvariantQuery(
                .batchIsItsPostings,
                naming: ["price", "posted successes", "posted failures", "postings", "charged", "held", "free", "of"],
                """
                WITH entry AS (
                  SELECT e.account, e.amount_micros FROM batch b CROSS JOIN ledger_transaction t
                  CROSS JOIN credit_ledger e
                  WHERE b.id = $1 AND t.organization_id = b.organization_id AND t.batch_id = b.id
                    AND e.organization_id = t.organization_id AND e.seq = t.seq AND e.unit = 'uCR'),
                totals AS (
                  SELECT
                    CAST(COALESCE(SUM(CASE WHEN substr(account, 1, 9) = 'consumed:'
                      THEN amount_micros END), 0) AS BIGINT) AS charged,
                    CAST(COALESCE(SUM(CASE WHEN substr(account, 1, 4) = 'lot:' AND substr(account, 36) = 'held'
                      THEN amount_micros END), 0) AS BIGINT) AS held,
                    CAST(COALESCE(SUM(CASE WHEN substr(account, 1, 4) = 'lot:' AND substr(account, 36) = 'available'
                      THEN amount_micros END), 0) AS BIGINT) AS free
                  FROM entry),
                posted AS (
                  SELECT COUNT(*) AS postings,
                    COALESCE(SUM(CASE WHEN t.kind = 'freeze' AND t.reference = 'freeze:' || b.id THEN 1 END), 0)
                      AS freezes,
                    COALESCE(SUM(CASE WHEN t.kind = 'finalize' AND t.reference = 'finalize:' || b.id THEN 1 END), 0)
                      AS finals
                  FROM batch b INNER JOIN ledger_transaction t
                    ON t.organization_id = b.organization_id AND t.batch_id = b.id
                  WHERE b.id = $1)
                SELECT b.id, b.unit_price_micros, b.posted_succeeded, b.posted_failed, posted.postings, totals.charged,
                  totals.held, totals.free, b.total
                FROM batch b CROSS JOIN totals CROSS JOIN posted
                WHERE b.id = $1 AND (totals.charged <> b.posted_succeeded * b.unit_price_micros
                  OR totals.held <> (b.total - b.posted_succeeded - b.posted_failed) * b.unit_price_micros
                  OR totals.free <> (b.posted_failed - b.total) * b.unit_price_micros
                  OR posted.freezes <> 1 OR posted.postings <> b.instalments + 1
                  OR posted.finals <> CASE WHEN b.finished_at IS NULL THEN 0 ELSE 1 END)
                """),
        ]
    }

    private static var batchTaskQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .batchCountsItsTasks,
                naming: ["queued", "running", "succeeded", "failed", "tasks queued", "running", "succeeded", "failed"],
                """
                WITH removed AS (
                  SELECT COALESCE(SUM(succeeded), 0) AS succeeded, COALESCE(SUM(failed), 0) AS failed
                  FROM task_sum WHERE batch_id = $1),
                kept AS (
                  SELECT COALESCE(SUM(CASE WHEN state = 'queued' THEN 1 END), 0) AS queued,
                    COALESCE(SUM(CASE WHEN state IN ('submitting', 'running', 'storing') THEN 1 END), 0) AS running,
                    COALESCE(SUM(CASE WHEN state = 'succeeded' THEN 1 END), 0) AS succeeded,
                    COALESCE(SUM(CASE WHEN state = 'failed' THEN 1 END), 0) AS failed
                  FROM task WHERE batch_id = $1),
                found AS (
                  SELECT kept.queued, kept.running, kept.succeeded + removed.succeeded AS succeeded,
                    kept.failed + removed.failed AS failed FROM kept CROSS JOIN removed)
                SELECT b.id, b.queued, b.running, b.succeeded, b.failed, CAST(found.queued AS BIGINT),
                  CAST(found.running AS BIGINT), CAST(found.succeeded AS BIGINT), CAST(found.failed AS BIGINT)
                FROM batch b CROSS JOIN found
                WHERE b.id = $1 AND (b.queued <> found.queued OR b.running <> found.running
                  OR b.succeeded <> found.succeeded OR b.failed <> found.failed
                  OR b.total <> b.queued + b.running + b.succeeded + b.failed)
                """),
            InvariantQuery(
                .batchWithinItsConcurrency, naming: ["running", "allowed"],
                """
                SELECT id, running, max_concurrency FROM batch WHERE id = $1 AND max_concurrency IS NOT NULL
                  AND running > max_concurrency
                """),
            InvariantQuery(
                .successHasItsVideo, naming: ["state", "asset", "bytes", "hash"],
                """
                SELECT t.id, t.state, t.asset_id, a.bytes, a.sha256
                FROM task t LEFT JOIN asset a ON a.task_id = t.id
                WHERE t.batch_id = $1 AND ((t.state = 'succeeded') <> (a.id IS NOT NULL)
                  OR (t.state = 'succeeded' AND (a.id <> t.asset_id OR a.batch_id <> t.batch_id
                    OR a.organization_id <> t.organization_id OR a.bytes <= 0 OR length(a.sha256) <> 64)))
                """),
        ]
    }
}
