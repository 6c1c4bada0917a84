import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

extension World {
    /// Each attempt is submitted once, after it was written, never for a cancelled batch; and a task is submitted again
    /// only when nothing is left of what was submitted before.
    func checkCreates() async throws {
        for create in provider.creates(after: seen.creates) {
            seen.creates += 1
            let submission = create.submission
            let place = "\(submission.task) attempt \(submission.attempt)"
            guard seen.submitted.insert(place).inserted else { throw fail(["\(place) was submitted twice"]) }
            let earlier = seen.createsOfTask[submission.task] ?? []
            seen.createsOfTask[submission.task] = earlier + [create]
            guard let attempt = try await attempt(of: submission) else {
                throw fail(["\(place) was submitted before it was written"])
            }
            if let cancelledAt = attempt.cancelledAt, cancelledAt < attempt.startedAt {
                throw fail(["\(place) was dispatched after its batch was cancelled"])
            }
            if let stoppedAt = attempt.stoppedAt, stoppedAt < attempt.startedAt {
                throw fail(["\(place) was dispatched after an operator stopped its lane"])
            }
            try await checkAgain(place, submission.task, earlier)
            try await checkRoute(place, submission, earlier)
        }
    }

    private func checkAgain(
        _ place: String, _ task: TaskID, _ earlier: [ScriptedProvider.Create]
    ) async throws {
        var blind = 0
        var generations = 1
        for create in earlier {
            if case .notAccepted = create.told { continue }
            generations += 1
            guard let id = create.job, let job = provider.job(id) else {
                blind += 1
                continue
            }
            let hasFailed = job.fault != nil && job.endsAt.map { $0 <= clock.now } ?? false
            switch try await owner(of: id, in: create.submission.model) {
            case nil:
                throw fail(["\(place) was submitted although \(id) of \(create.submission.attempt) could be found"])
            case task:
                if !hasFailed { throw fail(["\(place) was submitted although \(id) has not failed"]) }
            case .some: blind += 1
            }
        }
        if blind > 1 { throw fail(["\(place) was submitted after \(blind) creates with an unknown outcome"]) }
        if generations > Limits.generationsPerTaskMax { throw fail(["\(place) is generation \(generations)"]) }
    }

    /// A task goes to another route only when there certainly is nothing on its former ones, or they gave up.
    private func checkRoute(
        _ place: String, _ submission: Submission, _ earlier: [ScriptedProvider.Create]
    ) async throws {
        guard earlier.contains(where: { $0.submission.model != submission.model }) else { return }
        let attempts = try await database.read { reader in try reader.attempts(of: submission.task) }
        for attempt in attempts where attempt.number < submission.attempt && attempt.lane.model != submission.model {
            switch attempt.outcome {
            case .notAccepted, .failed: break
            case .submitting, .unknown, .running, .completed, .abandoned, .leaked:
                throw fail(["\(place) went to \(submission.model) after an attempt that is \(attempt.outcome)"])
            }
        }
    }

    private func attempt(
        of submission: Submission
    ) async throws -> (startedAt: Timestamp, cancelledAt: Timestamp?, stoppedAt: Timestamp?)? {
        try await database.read { reader in
            let rows = try reader.query(
                """
                SELECT a.started_at, b.cancel_requested_at,
                  (SELECT l.controlled_at FROM lane l WHERE l.id = a.lane_id AND l.control IN ('paused', 'killed'))
                FROM attempt a INNER JOIN task t ON t.id = a.task_id
                INNER JOIN batch b ON b.id = t.batch_id WHERE a.task_id = $1 AND a.number = $2
                """, [.text(submission.task.rawValue), .int(submission.attempt)])
            guard let row = rows.first else { return nil }
            return (
                Timestamp(milliseconds: try row.integer(0)),
                try row.optionalInteger(1).map { Timestamp(milliseconds: $0) },
                try row.optionalInteger(2).map { Timestamp(milliseconds: $0) }
            )
        }
    }

    private func owner(of job: ProviderJobID, in model: String) async throws -> TaskID? {
        try await database.read { reader in try reader.owners(of: [job], in: LaneID("sim:\(model)"))[job]?.task }
    }
}
