package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// The invariants between the tasks of a batch and their attempts.
    static var batchAttemptQueries: [InvariantQuery] {
        [
            InvariantQuery(
                .taskIsItsAttempts,
                naming: ["state", "attempt", "generations", "rows", "last", "that may have made a video"],
                """
                WITH made AS (
                  SELECT t.id, COUNT(a.number) AS rows, COALESCE(MAX(a.number), 0) AS last,
                    COALESCE(SUM(CASE WHEN a.outcome <> 'not_accepted' THEN 1 END), 0) AS generations
                  FROM task t LEFT JOIN attempt a ON a.task_id = t.id WHERE t.batch_id = $1 GROUP BY t.id)
                SELECT t.id, t.state, t.attempt, t.generations, made.rows, made.last, CAST(made.generations AS BIGINT)
                FROM task t INNER JOIN made ON made.id = t.id
                WHERE t.batch_id = $1 AND (made.rows <> t.attempt OR made.last <> t.attempt
                  OR t.attempt > \(Limits.attemptsPerTaskMax) OR t.generations > \(Limits.generationsPerTaskMax)
                  OR t.generations < made.generations
                  OR (t.state <> 'failed' AND t.generations <> made.generations))
                """),
            InvariantQuery(
                .taskAgreesWithItsAttempt, naming: ["state", "job", "outcome", "attempt's job", "slot", "ended at"],
                """
                SELECT t.id, t.state, t.provider_job, a.outcome, a.provider_job, a.holds_slot, a.ended_at
                FROM task t LEFT JOIN attempt a ON a.task_id = t.id AND a.number = t.attempt
                WHERE t.batch_id = $1 AND CASE t.state
                  WHEN 'queued' THEN t.provider_job IS NOT NULL
                    OR (a.number IS NOT NULL AND (a.holds_slot = 1 OR a.ended_at IS NULL))
                  WHEN 'submitting' THEN a.number IS NULL OR a.outcome NOT IN ('submitting', 'unknown')
                    OR a.holds_slot = 0 OR a.ended_at IS NOT NULL OR a.lane_id <> t.lane_id
                  WHEN 'running' THEN a.number IS NULL OR a.outcome <> 'running' OR a.holds_slot = 0
                    OR a.provider_job IS NULL OR a.provider_job <> t.provider_job
                  WHEN 'failed' THEN a.number IS NOT NULL AND a.outcome IN ('submitting', 'running', 'completed')
                    AND t.failure_type <> 'storage_error'
                    AND (a.outcome <> 'completed' OR t.failure_type <> 'moderated')
                  ELSE a.number IS NULL OR a.outcome <> 'completed' OR a.holds_slot = 1
                    OR a.provider_job IS NULL OR a.provider_job <> t.provider_job END
                """),
            InvariantQuery(
                .taskAgreesWithItsAttempt, naming: ["attempt", "of", "outcome", "still holds its slot"],
                """
                SELECT t.id, a.number, t.attempt, a.outcome, a.holds_slot
                FROM task t INNER JOIN attempt a ON a.task_id = t.id
                WHERE t.batch_id = $1 AND a.number < t.attempt AND (a.holds_slot = 1 OR a.ended_at IS NULL)
                """),
        ]
    }

    /// What does not hold in a lane.
    package func violations(ofLane lane: LaneID) throws(DatabaseError) -> [InvariantViolation] {
        let slots = InvariantQuery(
            .laneCountsItsSlots, naming: ["in flight", "attempts with a slot"],
            """
            SELECT l.id, l.in_flight, (SELECT COUNT(*) FROM attempt a WHERE a.lane_id = l.id AND a.holds_slot = 1)
            FROM lane l WHERE l.id = $1
              AND l.in_flight <> (SELECT COUNT(*) FROM attempt a WHERE a.lane_id = l.id AND a.holds_slot = 1)
            """)
        let sum = InvariantQuery(
            .laneIsItsShares, naming: ["in flight", "over all organizations"],
            """
            SELECT l.id, l.in_flight, CAST(COALESCE(SUM(s.in_flight), 0) AS BIGINT)
            FROM lane l LEFT JOIN lane_share s ON s.lane_id = l.id WHERE l.id = $1
            GROUP BY l.id, l.in_flight HAVING l.in_flight <> COALESCE(SUM(s.in_flight), 0)
            """)
        let shares = InvariantQuery(
            .laneIsItsShares, naming: ["in flight", "attempts with a slot"],
            """
            WITH held AS (
              SELECT t.organization_id, COUNT(*) AS attempts FROM attempt a INNER JOIN task t ON t.id = a.task_id
              WHERE a.lane_id = $1 AND a.holds_slot = 1 GROUP BY t.organization_id),
            known AS (
              SELECT organization_id, in_flight FROM lane_share WHERE lane_id = $1
              UNION ALL SELECT organization_id, 0 FROM held WHERE organization_id NOT IN (
                SELECT organization_id FROM lane_share WHERE lane_id = $1))
            SELECT known.organization_id, known.in_flight, COALESCE(held.attempts, 0)
            FROM known LEFT JOIN held ON held.organization_id = known.organization_id
            WHERE known.in_flight <> COALESCE(held.attempts, 0)
            """)
        let owners = InvariantQuery(
            .jobHasOneOwner, naming: ["owners"],
            """
            SELECT provider_job, COUNT(*) FROM attempt WHERE lane_id = $1 AND provider_job IS NOT NULL
            GROUP BY provider_job HAVING COUNT(*) > 1
            """)
        var found: [InvariantViolation] = []
        for query in [slots, sum, shares, owners] { found += try query.violations(in: self, [.text(lane.rawValue)]) }
        return found
    }

    /// Open holds older than their batch's window, the longest deadline and a minute: workers do not do their work.
    package func violations(ofHoldsWithDeadline deadlineSeconds: Int) throws(DatabaseError) -> [InvariantViolation] {
        try InvariantQuery(
            .holdEndsInTime, naming: ["window ended at", "queued", "running"],
            """
            SELECT b.id, b.window_ends_at, b.queued, b.running
            FROM hold h INNER JOIN batch b ON b.id = h.batch_id
            WHERE h.closed_at IS NULL AND b.window_ends_at < $1
            """
        ).violations(in: self, [.integer(now.milliseconds - Int64(deadlineSeconds + 60) * 1_000)])
    }
}
