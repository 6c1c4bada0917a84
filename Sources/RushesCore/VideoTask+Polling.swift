extension VideoTask {
    private static let finalLookGraceMilliseconds: Int64 = 3_000
    private static let looksForLostJob = 3
    private static let longestWaitMilliseconds: Int64 = 60_000

    /// The provider answered a poll, or could not be asked.
    ///
    /// Only the provider's own word or the deadline ends a task: a failed poll says nothing about the job. At the
    /// deadline the answer to the last look decides (`product.md` section 4, deadline).
    ///
    /// - Parameter other: the lane of another generation, should this one have failed; nil to stay.
    package mutating func polled(
        _ outcome: PollOutcome, schedule: PollSchedule = PollSchedule(), orOn other: LaneID? = nil, at now: Timestamp,
        jitterPermille: Int64
    ) throws(IllegalTransition) -> AttemptEffect {
        try expect([.running], "polled")
        switch outcome {
        case .completed:
            try finishedAtProvider(at: now)
            return .completed
        case .failed(let fault):
            try generationFailed(fault, orOn: other, at: now, jitterPermille: jitterPermille)
            return .failed(fault)
        case .lost(let fault) where tries + 1 >= Self.looksForLostJob && !isPastDeadline(now):
            try fail(fault.failure, at: now)
            return .failed(fault)
        case .lost:
            try noticeMissing(true)
            return try stillOpen(schedule, at: now, jitterPermille: jitterPermille)
        case .running(let hint, _):
            try noticeMissing(false)
            return try stillOpen(schedule, hint: hint, at: now, jitterPermille: jitterPermille)
        case .unavailable(let fault):
            return try stillOpen(
                schedule, wait: fault.retryAfterMilliseconds, graceMilliseconds: Self.finalLookGraceMilliseconds,
                at: now, jitterPermille: jitterPermille)
        }
    }

    /// True for one task in eight, whose looks come evenly and from which its lane learns how long jobs take.
    package var isScout: Bool { index % 8 == 0 }

    private mutating func stillOpen(
        _ schedule: PollSchedule, hint: Int64? = nil, wait: Int64? = nil, graceMilliseconds: Int64 = 0,
        at now: Timestamp, jitterPermille: Int64
    ) throws(IllegalTransition) -> AttemptEffect {
        if isPastDeadline(now.adding(milliseconds: -graceMilliseconds)) {
            try fail(Failure(.timedOut), at: now)
            return .abandoned
        }
        if isPastDeadline(now) {
            try pollLater(at: now.adding(milliseconds: 1_000))
            return .none
        }
        let age = dispatchedAt.map { now.milliseconds(since: $0) } ?? 0
        let next = schedule.next(
            at: now, age: age, hint: hint, deadline: deadlineAt, isScout: isScout, jitterPermille: jitterPermille)
        // A provider that asks us to wait is not asked earlier, but at the deadline it is.
        let allowed = wait.map { now.adding(milliseconds: min(max($0, 0), Self.longestWaitMilliseconds)) } ?? next
        try pollLater(at: min(max(next, allowed), deadlineAt ?? max(next, allowed)))
        return .none
    }

    /// A passing fault is worth another generation within the deadline, after 2 s and 8 s with full jitter, and not
    /// before the provider wants one, unless another provider makes it.
    private mutating func generationFailed(
        _ fault: ProviderFault, orOn other: LaneID?, at now: Timestamp, jitterPermille: Int64
    ) throws(IllegalTransition) {
        let longest: Int64 = generations <= 1 ? 2_000 : 8_000
        let goesOver = other != nil && mayChangeLane
        let wait = max(longest * jitterPermille / 1_000, goesOver ? 0 : fault.retryAfterMilliseconds ?? 0)
        let readyAt = now.adding(milliseconds: wait)
        let hasTime = deadlineAt.map { readyAt < $0 } ?? true
        if fault.isWorthAnotherGeneration && generations < Limits.generationsPerTaskMax && hasTime {
            try retryGeneration(readyAt: readyAt, on: other)
        } else {
            try fail(fault.failure, at: now)
        }
    }
}
