/// What one answer of the provider means: for the attempt, and for the lane when the provider refused.
package struct StepEffect: Sendable, Equatable {
    /// For the attempt.
    package let attempt: AttemptEffect
    /// For the lane.
    package let refusal: ProviderFault?

    /// An effect from its parts.
    package init(_ attempt: AttemptEffect, refusal: ProviderFault? = nil) {
        self.attempt = attempt
        self.refusal = refusal
    }
}

/// What a look at the provider's listing showed.
package enum ReconcileFinding: Sendable, Equatable {
    /// A job that matches and that nobody owns.
    case found(ProviderJobID)
    /// The provider lists no such job.
    case none
    /// The provider could not be asked, or a twin's create is under way whose job this might be.
    case inconclusive
}

extension VideoTask {
    /// Milliseconds that a submission's lease lasts: the create call's own limit and time to start it.
    package static let submitLeaseMilliseconds: Int64 = 45_000
    /// Milliseconds of the lease that must be left when the call starts, so that no call outlives its lease.
    package static let submitCallMilliseconds: Int64 = 32_000
    /// Milliseconds from an unknown create to the first look at the provider's list.
    package static let firstLookMilliseconds: Int64 = 5_000
    private static let secondLookMilliseconds: Int64 = 10_000

    /// The provider answered the create, or did not.
    package mutating func submitAnswered(
        _ outcome: SubmitOutcome, schedule: PollSchedule = PollSchedule(), at now: Timestamp, jitterPermille: Int64
    ) throws(IllegalTransition) -> StepEffect {
        try expect([.submitting], "submitAnswered")
        switch outcome {
        case .accepted(let job, let hint):
            let pollAt = schedule.next(
                at: now, age: 0, hint: hint, deadline: deadlineAt, isScout: isScout, jitterPermille: jitterPermille)
            try accepted(job, pollAt: pollAt)
            return StepEffect(.running(job))
        case .unknown(let fault):
            try lookLater(at: now.adding(milliseconds: Self.firstLookMilliseconds), looked: false)
            return StepEffect(.unknown(fault))
        case .notAccepted(let fault):
            try refused(fault, at: now)
            return StepEffect(.notAccepted(fault), refusal: fault)
        }
    }

    /// The Reconciler looked for the job of an unknown create (`product.md` section 4, unknown create).
    package mutating func reconciled(
        _ finding: ReconcileFinding, policy: VideoModel.UnknownCreatePolicy, at now: Timestamp
    ) throws(IllegalTransition) -> AttemptEffect {
        try expect([.submitting], "reconciled")
        switch finding {
        case .found(let job):
            try accepted(job, pollAt: now)
            return .running(job)
        case .inconclusive:
            if isPastDeadline(now) {
                try fail(Failure(.timedOut), at: now)
                return .abandoned
            }
            try lookLater(at: now.adding(milliseconds: Self.firstLookMilliseconds), looked: false)
            return .none
        case .none where tries == 0:
            try lookLater(at: now.adding(milliseconds: Self.secondLookMilliseconds), looked: true)
            return .none
        case .none:
            try concludeUnknown(policy, at: now)
            return .notFound
        }
    }

    private mutating func concludeUnknown(
        _ policy: VideoModel.UnknownCreatePolicy, at now: Timestamp
    ) throws(IllegalTransition) {
        if isPastDeadline(now) {
            try fail(Failure(.timedOut), at: now)
            return
        }
        switch policy {
        case .resubmitOnce where blindResubmissions == 0 && generations < Limits.generationsPerTaskMax:
            try resubmit(readyAt: now)
        case .resubmitOnce, .fail:
            try fail(Failure(.providerError), at: now)
        }
    }

    private mutating func refused(_ fault: ProviderFault, at now: Timestamp) throws(IllegalTransition) {
        switch fault.class {
        case .rateLimited, .quotaExhausted, .auth, .transient, .timeout, .noEndpoint, .unknown:
            if attempt >= Limits.attemptsPerTaskMax {
                try fail(fault.refusedForGood, at: now)
            } else {
                try notAccepted(readyAt: now)
            }
        case .retired:
            // It waits with all others of the lane: the Sweeper sends them another way, or ends them at once.
            try notAccepted(readyAt: now)
        case .moderated, .permanentRequest, .permanentGeneration, .lost:
            try fail(fault.failure, at: now)
        }
    }

    /// True at and after the deadline.
    package func isPastDeadline(_ now: Timestamp) -> Bool {
        deadlineAt.map { now >= $0 } ?? false
    }
}
