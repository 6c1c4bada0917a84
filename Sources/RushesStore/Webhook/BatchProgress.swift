package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// Batches under way of organizations that want to know how far they are, of which more tasks have ended since the
    /// last event, and that event is long enough ago.
    ///
    /// It looks at running batches of those organizations only.
    package func batchesWithNewProgress(
        limit: Int
    ) throws(DatabaseError) -> [(id: BatchID, organization: OrganizationID)] {
        try query(
            """
            SELECT b.id, b.organization_id
            FROM webhook_cursor c CROSS JOIN batch b LEFT JOIN batch_progress p ON p.batch_id = b.id
            WHERE c.wants_progress = 1 AND b.organization_id = c.organization_id AND b.status = 'processing' AND b.succeeded + b.failed > COALESCE(p.ended, 0)
              AND COALESCE(p.announced_at, 0) <= $1
            LIMIT $2
            """, [.integer(now.milliseconds - Limits.batchProgressMilliseconds), .int(limit)]
        ).map { row throws(DatabaseError) in
            (try row.id(0, BatchIdentity.self), try row.id(1, OrganizationIdentity.self))
        }
    }
}

extension SQLTransaction {
    /// Writes an event of how far a batch is, unless somebody else just did.
    package func announceProgress(
        of id: BatchID, in organization: OrganizationID, ids: any IDSource
    ) throws(DatabaseError) {
        guard let batch = try lockBatch(id), !batch.status.isTerminal else { return }
        let ended = batch.counts.succeeded + batch.counts.failed
        let written = try execute(
            """
            INSERT INTO batch_progress (batch_id, announced_at, ended) VALUES ($1, $2, $3)
            ON CONFLICT (batch_id) DO UPDATE SET announced_at = excluded.announced_at, ended = excluded.ended
            WHERE batch_progress.announced_at <= $4 AND batch_progress.ended < excluded.ended
            """,
            [
                .text(id.rawValue), .time(now), .int(ended),
                .integer(now.milliseconds - Limits.batchProgressMilliseconds),
            ])
        guard written == 1 else { return }
        let counts = batch.counts
        let data = [
            "queued": String(counts.queued), "running": String(counts.running),
            "succeeded": String(counts.succeeded), "failed": String(counts.failed),
        ]
        try append(
            [Event(.batchProgress, batch: id, data: data)], to: organization, ids: ids)
    }
}
