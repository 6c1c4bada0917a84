import RushesDatabase

extension SQLReading {
    /// The mark of a batch whose tasks are removed, against what is recorded of the removal.
    static var batchRemovalQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .removalIsRecorded, naming: ["status", "removed at", "next look", "tasks", "in sums", "are left"],
                """
                WITH removed AS (
                  SELECT CAST(COALESCE(SUM(succeeded + failed), 0) AS BIGINT) AS tasks FROM task_sum
                  WHERE batch_id = $1),
                kept AS (SELECT COUNT(*) AS tasks FROM task WHERE batch_id = $1)
                SELECT b.id, b.status, b.tasks_removed_at, r.due_at, b.total, removed.tasks, kept.tasks
                FROM batch b CROSS JOIN removed CROSS JOIN kept LEFT JOIN task_removal r ON r.batch_id = b.id
                WHERE b.id = $1 AND ((b.tasks_removed_at IS NULL) <> (r.batch_id IS NULL)
                  OR (b.tasks_removed_at IS NULL AND removed.tasks > 0)
                  OR (b.tasks_removed_at IS NOT NULL AND b.finished_at IS NULL)
                  OR (b.tasks_removed_at IS NOT NULL AND r.due_at IS NULL
                    AND (kept.tasks > 0 OR removed.tasks <> b.total
                      OR EXISTS (SELECT 1 FROM task_end e WHERE e.batch_id = b.id)
                      OR EXISTS (SELECT 1 FROM event e WHERE e.batch_id = b.id AND e.task_id IS NOT NULL))))
                """)
        ]
    }

    /// What removals took from an organization, against the sums that its margins are made of.
    static var removalQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .attemptSumsAreRemoved, naming: ["attempts removed", "attempts in sums"],
                """
                WITH removed AS (
                  SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) AS attempts FROM task_removal
                  WHERE organization_id = $1),
                summed AS (
                  SELECT CAST(COALESCE(SUM(attempts), 0) AS BIGINT) AS attempts FROM attempt_sum
                  WHERE organization_id = $1)
                SELECT o.id, removed.attempts, summed.attempts
                FROM organization o CROSS JOIN removed CROSS JOIN summed
                WHERE o.id = $1 AND removed.attempts <> summed.attempts
                """)
        ]
    }
}
