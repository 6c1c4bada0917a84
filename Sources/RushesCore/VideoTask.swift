/// One video to make: its specification, and where its making stands.
package struct VideoTask: Sendable, Equatable {
    /// The task.
    package let id: TaskID
    /// Its batch.
    package let batch: BatchID
    /// The owner.
    package let organization: OrganizationID
    /// The lane of its present or last attempt; before the first one that of its batch as it was created.
    package internal(set) var lane: LaneID
    /// The lane in which it waits apart from its batch: the one to which it went over after a failed generation, or the
    /// one that it must not leave; nil when it waits with its batch.
    package internal(set) var waitingLane: LaneID?
    /// The place in the batch, from 0.
    package let index: Int
    /// What is to be made.
    package let specification: TaskSpecification
    /// When its batch was created.
    package let createdAt: Timestamp
    /// Where it stands.
    package internal(set) var state: State
    /// Submissions so far, and the fencing number: every write names the state and the attempt that it has seen.
    package internal(set) var attempt: Int
    /// Submissions so far that may have made a paid video: the ones provably not accepted do not count.
    package internal(set) var generations: Int
    /// Submissions that followed an unknown outcome with no job to be found.
    package internal(set) var blindResubmissions: Int
    /// Looks or tries within the present stage: at the provider's list, or at storing.
    package internal(set) var tries: Int
    /// When a worker must look at it: ready for dispatch, lease of a submission, next poll, next try to store.
    package internal(set) var dueAt: Timestamp
    /// The commit into `submitting` from which the deadline counts.
    package internal(set) var dispatchedAt: Timestamp?
    /// When it fails as `timed_out`.
    package internal(set) var deadlineAt: Timestamp?
    /// The provider's job of the present attempt.
    package internal(set) var job: ProviderJobID?
    /// Why it failed.
    package internal(set) var failure: Failure?
    /// When it ended.
    package internal(set) var finishedAt: Timestamp?
    /// Its video.
    package internal(set) var asset: AssetID?

    /// Where a task stands.
    package enum State: String, Sendable, CaseIterable {
        case queued
        case submitting
        case running
        case storing
        case succeeded
        case failed

        /// The group that a batch counts it in.
        package var group: Group {
            switch self {
            case .queued: .queued
            case .submitting, .running, .storing: .running
            case .succeeded: .succeeded
            case .failed: .failed
            }
        }

        /// True for the two endings.
        package var isTerminal: Bool {
            switch self {
            case .queued, .submitting, .running, .storing: false
            case .succeeded, .failed: true
            }
        }
    }

    /// The groups that a batch counts its tasks in.
    package enum Group: Sendable {
        case queued
        case running
        case succeeded
        case failed
    }

    /// A task as it was created: queued, ready at once.
    package init(
        id: TaskID, batch: BatchID, organization: OrganizationID, lane: LaneID, index: Int,
        specification: TaskSpecification, createdAt: Timestamp
    ) {
        self.id = id
        self.batch = batch
        self.organization = organization
        self.lane = lane
        self.index = index
        self.specification = specification
        self.createdAt = createdAt
        state = .queued
        attempt = 0
        generations = 0
        blindResubmissions = 0
        tries = 0
        dueAt = createdAt
    }
}

extension VideoTask {
    /// The columns of a task that change.
    package struct Progress: Sendable, Equatable {
        package var state: State
        package var attempt: Int
        package var generations: Int
        package var blindResubmissions: Int
        package var tries: Int
        package var dueAt: Timestamp
        package var dispatchedAt: Timestamp?
        package var deadlineAt: Timestamp?
        package var job: ProviderJobID?
        package var failure: Failure?
        package var finishedAt: Timestamp?
        package var asset: AssetID?
        package var waitingLane: LaneID?

        /// Progress from its columns.
        package init(
            state: State, attempt: Int, generations: Int, blindResubmissions: Int, tries: Int, dueAt: Timestamp,
            dispatchedAt: Timestamp?, deadlineAt: Timestamp?, job: ProviderJobID?, failure: Failure?,
            finishedAt: Timestamp?, asset: AssetID?, waitingLane: LaneID? = nil
        ) {
            self.state = state
            self.attempt = attempt
            self.generations = generations
            self.blindResubmissions = blindResubmissions
            self.tries = tries
            self.dueAt = dueAt
            self.dispatchedAt = dispatchedAt
            self.deadlineAt = deadlineAt
            self.job = job
            self.failure = failure
            self.finishedAt = finishedAt
            self.asset = asset
            self.waitingLane = waitingLane
        }
    }

    /// A task as it stands in the database.
    package init(created: VideoTask, stored: Progress) {
        self = created
        state = stored.state
        attempt = stored.attempt
        generations = stored.generations
        blindResubmissions = stored.blindResubmissions
        tries = stored.tries
        dueAt = stored.dueAt
        dispatchedAt = stored.dispatchedAt
        deadlineAt = stored.deadlineAt
        job = stored.job
        failure = stored.failure
        finishedAt = stored.finishedAt
        asset = stored.asset
        waitingLane = stored.waitingLane
    }
}
