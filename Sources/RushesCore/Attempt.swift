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
    package private(set) var outcome: Outcome
    /// The provider's job.
    package private(set) var job: ProviderJobID?
    /// When it was known to have ended.
    package private(set) var endedAt: Timestamp?
    /// True while it counts against the lane's cap.
    package private(set) var holdsSlot: Bool
    /// When a job that nobody waits for any more is looked at; nil otherwise.
    package private(set) var watchAt: Timestamp?
    /// The provider's last fault, for the operator.
    package private(set) var faultClass: ProviderFault.Class?
    /// The provider's words, for the operator.
    package private(set) var faultMessage: String?

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
        self.task = task.id
        number = task.attempt
        lane = task.lane
        startedAt = now
        deadlineAt = task.deadlineAt ?? now
        outcome = .submitting
        holdsSlot = true
    }

    /// An attempt as it stands in the database.
    package init(
        task: TaskID, number: Int, lane: LaneID, startedAt: Timestamp, deadlineAt: Timestamp, outcome: Outcome,
        job: ProviderJobID?, endedAt: Timestamp?, holdsSlot: Bool, watchAt: Timestamp?,
        faultClass: ProviderFault.Class?,
        faultMessage: String?
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

extension Attempt {
    /// Applies what a task's step means.
    package mutating func apply(_ effect: AttemptEffect, at now: Timestamp) {
        switch effect {
        case .none: break
        case .running(let job):
            outcome = .running
            self.job = job
        case .unknown(let fault):
            outcome = .unknown
            note(fault)
        case .notAccepted(let fault):
            note(fault)
            end(.notAccepted, at: now)
        case .completed: end(.completed, at: now)
        case .failed(let fault):
            note(fault)
            end(.failed, at: now)
        case .notFound: end(.unknown, at: now)
        case .abandoned:
            outcome = .abandoned
            watchAt = now.adding(milliseconds: Self.watchPauseMilliseconds)
        }
    }

    /// A look at the job of an abandoned attempt; true when a finished video leaked.
    ///
    /// The slot is held until the job is known to have ended, at most until twice the deadline; the job is watched for
    /// an hour, so that what the provider bills for is known (`product.md` section 4).
    package mutating func watched(_ answer: PollOutcome?, at now: Timestamp) -> Bool {
        switch answer {
        case .completed:
            end(.leaked, at: now)
            return true
        case .failed(let fault), .lost(let fault):
            note(fault)
            end(.failed, at: now)
        case .running, .unavailable, nil:
            let slotEnds = deadlineAt.adding(milliseconds: deadlineAt.milliseconds(since: startedAt))
            if now >= slotEnds { holdsSlot = false }
            let watchEnds = max(slotEnds, startedAt.adding(milliseconds: Self.watchMilliseconds))
            let pause = holdsSlot ? Self.watchPauseMilliseconds : 4 * Self.watchPauseMilliseconds
            watchAt = now >= watchEnds || (answer == nil && !holdsSlot) ? nil : now.adding(milliseconds: pause)
            if watchAt == nil { endedAt = now }
        }
        return false
    }

    private mutating func end(_ outcome: Outcome, at now: Timestamp) {
        self.outcome = outcome
        endedAt = now
        holdsSlot = false
        watchAt = nil
    }

    private mutating func note(_ fault: ProviderFault) {
        faultClass = fault.class
        faultMessage = String(fault.message.prefix(500))
    }

    private static let watchPauseMilliseconds: Int64 = 15_000
    private static let watchMilliseconds: Int64 = 3_600_000
}
