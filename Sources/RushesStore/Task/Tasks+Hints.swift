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

extension SQLTransaction {
    /// Lets a running job be looked at now instead of later; nothing else of its task moves.
    ///
    /// - Returns: false when the task does not wait for a look at this job, or is due already.
    package func pollNow(_ job: ProviderJobID, of task: TaskID, attempt: Int) throws(DatabaseError) -> Bool {
        try execute(
            """
            UPDATE task SET due_at = $1
            WHERE due_at > $1 AND state = 'running' AND provider_job = $2 AND attempt = $3 AND id = $4
            """, [.time(now), .text(job.rawValue), .int(attempt), .text(task.rawValue)]) == 1
    }
}
