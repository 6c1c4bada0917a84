/// The n-th submission of a task, written before the provider is called.
package struct Attempt: Sendable, Equatable {
    /// The task.
    package let task: TaskID
    /// The number, from 1.
    package let number: Int
    /// The lane whose slot it holds.
    package let lane: LaneID
    /// When it was written.
    package let startedAt: Timestamp
    /// When its task's deadline is.
    package let deadlineAt: Timestamp
    /// What is known of it.
    package let outcome: Outcome
    /// The provider's job.
    package let job: ProviderJobID?
    /// When it was known to have ended.
    package let endedAt: Timestamp?
    /// True while it counts against the lane's cap.
    package let holdsSlot: Bool
    /// When a job that nobody waits for any more is looked at; nil otherwise.
    package let watchAt: Timestamp?
    /// The provider's last fault, for the operator.
    package let faultClass: ProviderFault.Class?
    /// The provider's words, for the operator.
    package let faultMessage: String?

    /// What is known of an attempt.
    package enum Outcome: String, Sendable, CaseIterable {
        /// Written; the call may be under way, or a crash hides its outcome.
        case submitting
        /// The call's outcome is unknown.
        case unknown
        /// The provider has the job.
        case running
        /// The provider certainly has no job.
        case notAccepted = "not_accepted"
        /// The provider made the video.
        case completed
        /// The provider gave up, or no longer knows the job.
        case failed
        /// The task ended before the job did.
        case abandoned
        /// The provider made the video after the task was refunded.
        case leaked
    }

    /// A new attempt, about to be submitted.
    package init(submitting task: VideoTask, at now: Timestamp) {
        self.init(
            task: task.id, number: task.attempt, lane: task.lane, startedAt: now, deadlineAt: task.deadlineAt ?? now,
            outcome: .submitting, job: nil, endedAt: nil, holdsSlot: true, watchAt: nil, faultClass: nil,
            faultMessage: nil)
    }

    /// An attempt as it stands in the database.
    package init(
        task: TaskID, number: Int, lane: LaneID, startedAt: Timestamp, deadlineAt: Timestamp, outcome: Outcome,
        job: ProviderJobID?, endedAt: Timestamp?, holdsSlot: Bool, watchAt: Timestamp?,
        faultClass: ProviderFault.Class?, faultMessage: String?
    ) {
        self.task = task
        self.number = number
        self.lane = lane
        self.startedAt = startedAt
        self.deadlineAt = deadlineAt
        self.outcome = outcome
        self.job = job
        self.endedAt = endedAt
        self.holdsSlot = holdsSlot
        self.watchAt = watchAt
        self.faultClass = faultClass
        self.faultMessage = faultMessage
    }
}

/// What a task's step means for its present attempt.
package enum AttemptEffect: Sendable, Equatable {
    /// Nothing.
    case none
    /// The provider has the job.
    case running(ProviderJobID)
    /// Nobody knows whether there is a job.
    case unknown(ProviderFault)
    /// There certainly is no job.
    case notAccepted(ProviderFault)
    /// The job made the video.
    case completed
    /// The job ended without a video, or is lost.
    case failed(ProviderFault)
    /// No job was found where one might have been; the attempt ends unknown.
    case notFound
    /// The task ended, the job may still run and is watched.
    case abandoned
}

extension AttemptEffect {
    /// What the lane hears of it: the provider gave up on the job because too many run, and said how long to wait.
    package var laneFault: ProviderFault? {
        guard case .failed(let fault) = self, fault.class == .rateLimited, fault.retryAfterMilliseconds != nil else {
            return nil
        }
        return fault
    }
}

/// The columns of an attempt that one effect sets; nil keeps what is there for `job` and `fault`.
package struct AttemptChange: Sendable, Equatable {
    /// What is known of the attempt now.
    package let outcome: Attempt.Outcome
    /// The provider's job, when it became known.
    package var job: ProviderJobID?
    /// When it was known to have ended.
    package var endedAt: Timestamp?
    /// True while it counts against the lane's cap.
    package var holdsSlot = true
    /// When a job that nobody waits for any more is looked at.
    package var watchAt: Timestamp?
    /// The provider's fault.
    package var fault: ProviderFault?
}

extension AttemptEffect {
    /// What the effect writes; nil when it writes nothing. Only an attempt that holds its slot takes it.
    package func change(at now: Timestamp) -> AttemptChange? {
        switch self {
        case .none: nil
        case .running(let job): AttemptChange(outcome: .running, job: job)
        case .unknown(let fault): AttemptChange(outcome: .unknown, fault: fault)
        case .notAccepted(let fault): AttemptChange(outcome: .notAccepted, endedAt: now, holdsSlot: false, fault: fault)
        case .completed: AttemptChange(outcome: .completed, endedAt: now, holdsSlot: false)
        case .failed(let fault): AttemptChange(outcome: .failed, endedAt: now, holdsSlot: false, fault: fault)
        case .notFound: AttemptChange(outcome: .unknown, endedAt: now, holdsSlot: false)
        case .abandoned:
            AttemptChange(outcome: .abandoned, watchAt: now.adding(milliseconds: Attempt.watchPauseMilliseconds))
        }
    }
}

extension Attempt {
    /// What a look at the job of an abandoned attempt writes; `leaked` says that the provider made the video after the
    /// refund.
    ///
    /// The slot is held until the job is known to have ended, at most until twice the deadline; the job is watched for
    /// an hour, so that what the provider bills for is known (`product.md` section 4). An answer of nil stands for an
    /// attempt whose job nobody could name.
    package func watched(_ answer: PollOutcome?, at now: Timestamp) -> AttemptChange {
        switch answer {
        case .completed:
            return AttemptChange(outcome: .leaked, endedAt: now, holdsSlot: false)
        case .failed(let fault), .lost(let fault):
            return AttemptChange(outcome: .failed, endedAt: now, holdsSlot: false, fault: fault)
        case .running, .unavailable, nil:
            let slotEnds = deadlineAt.adding(milliseconds: deadlineAt.milliseconds(since: startedAt))
            let watchEnds =
                answer == nil ? slotEnds : max(slotEnds, startedAt.adding(milliseconds: Self.watchMilliseconds))
            let keepsSlot = holdsSlot && now < slotEnds
            let pause = keepsSlot ? Self.watchPauseMilliseconds : 4 * Self.watchPauseMilliseconds
            let isOver = now >= watchEnds
            return AttemptChange(
                outcome: .abandoned, endedAt: isOver ? now : nil, holdsSlot: keepsSlot,
                watchAt: isOver ? nil : now.adding(milliseconds: pause))
        }
    }

    /// Milliseconds between two looks at an abandoned job while it holds its slot.
    package static let watchPauseMilliseconds: Int64 = 15_000
    private static let watchMilliseconds: Int64 = 3_600_000
}
