package import RushesCore
package import RushesDatabase

extension SQLReading {
    /// The attempt that owns a job of one of an account's lanes; nil when nobody does.
    package func owner(
        of job: ProviderJobID, at account: String
    ) throws(DatabaseError) -> (task: TaskID, number: Int)? {
        for lane in try lanes() where lane.id.provider == account {
            if let owner = try owners(of: [job], in: lane.id)[job] { return owner }
        }
        return nil
    }
}

/// Who looks at a job because of a hint.
package enum HintedLook: Sendable {
    /// The Poller: its task waits for it.
    case poll
    /// The Watcher: nobody waits for it any more, and what becomes of it is recorded.
    case watch
}

extension SQLTransaction {
    /// Lets a job be looked at now instead of later, by whoever looks at it.
    ///
    /// - Returns: nil when nobody looks at the job any more, or its look is due already.
    package func lookNow(
        at job: ProviderJobID, of task: TaskID, attempt: Int
    ) throws(DatabaseError) -> HintedLook? {
        if try pollNow(job, of: task, attempt: attempt) { return .poll }
        return try watchNow(job, of: task, attempt: attempt) ? .watch : nil
    }

    private func watchNow(_ job: ProviderJobID, of task: TaskID, attempt: Int) throws(DatabaseError) -> Bool {
        try execute(
            "UPDATE attempt SET watch_at = $1 WHERE watch_at > $1 AND provider_job = $2 AND number = $3 AND task_id = $4",
            [.time(now), .text(job.rawValue), .int(attempt), .text(task.rawValue)]) == 1
    }

    /// Lets a running job be looked at now instead of later; nothing else of its task moves.
    ///
    /// - Returns: false when the task does not wait for a look at this job, or is due already.
    private func pollNow(_ job: ProviderJobID, of task: TaskID, attempt: Int) throws(DatabaseError) -> Bool {
        try execute(
            """
            UPDATE task SET due_at = $1
            WHERE due_at > $1 AND state = 'running' AND provider_job = $2 AND attempt = $3 AND id = $4
            """, [.time(now), .text(job.rawValue), .int(attempt), .text(task.rawValue)]) == 1
    }
}
