/// Which of a provider's listed jobs may be the job of a create with an unknown outcome.
package enum ReconcileMatch {
    private static let clockToleranceMilliseconds: Int64 = 5_000

    /// Jobs created since the attempt (5 s of tolerance for the clocks) that agree in everything that they tell.
    package static func candidates(
        for task: VideoTask, startedAt: Timestamp, among listed: [ListedJob]
    ) -> [ListedJob] {
        let earliest = startedAt.adding(milliseconds: -clockToleranceMilliseconds)
        let wanted = task.specification
        return listed.filter { job in
            job.createdAt >= earliest
                && job.attempt.map { $0 == AttemptTag(task: task.id, number: task.attempt) } ?? true
                && job.model.map { task.lane.model == $0 || $0.hasPrefix(task.lane.model + "-") } ?? true
                && job.prompt.map { $0 == wanted.prompt } ?? true
                && job.seconds.map { $0 == wanted.seconds } ?? true
                && job.size.map { $0 == wanted.size } ?? true
        }
    }

    /// The job to adopt: the oldest when the provider tells prompts or attempts; else only a single candidate is sure.
    /// One without a name is never adopted, and counts among those that make another one unsure.
    ///
    /// Even a single one may be the job of another task whose create is unknown too; only the database knows of those.
    package static func choice(among free: [ListedJob]) -> ListedJob? {
        let certain = free.filter { $0.isTold && $0.id != nil }
        if let oldest = certain.min(by: { $0.age < $1.age }) { return oldest }
        return free.count == 1 && free[0].id != nil ? free[0] : nil
    }

    /// The latest start of an attempt whose create may have made a job.
    package static func latestStart(of job: ListedJob) -> Timestamp {
        job.createdAt.adding(milliseconds: clockToleranceMilliseconds + 1_000)
    }
}

extension ListedJob {
    /// True when the provider tells enough to know that the job belongs to a task that matches it.
    package var isTold: Bool { prompt != nil || attempt != nil }

    /// The order of their creation; of two of one moment the name decides.
    fileprivate var age: (Timestamp, String) { (createdAt, id?.rawValue ?? "") }
}
