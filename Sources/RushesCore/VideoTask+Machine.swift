/// A task was asked to make a step that its state does not allow.
package struct IllegalTransition: Error, Sendable, Equatable {
    /// The task's state.
    package let state: VideoTask.State
    /// The event that it cannot take.
    package let event: String
}

extension VideoTask {
    /// A Dispatcher takes it: the intention is durable before the call. The deadline runs from the first dispatch that
    /// was not provably refused.
    package mutating func claim(
        at now: Timestamp, leaseMilliseconds: Int64, deadlineSeconds: Int
    ) throws(IllegalTransition) {
        try expect([.queued], "claim")
        state = .submitting
        attempt += 1
        generations += 1
        tries = 0
        dueAt = now.adding(milliseconds: leaseMilliseconds)
        if dispatchedAt == nil {
            dispatchedAt = now
            deadlineAt = now.adding(seconds: deadlineSeconds)
        }
    }

    /// The provider accepted, or the Reconciler found the job.
    package mutating func accepted(_ job: ProviderJobID, pollAt: Timestamp) throws(IllegalTransition) {
        try expect([.submitting], "accepted")
        state = .running
        self.job = job
        tries = 0
        dueAt = pollAt
    }

    /// The attempt provably made no job: back to the queue, and the deadline is cleared unless an earlier one counts.
    package mutating func notAccepted(readyAt: Timestamp) throws(IllegalTransition) {
        try expect([.submitting], "notAccepted")
        state = .queued
        generations -= 1
        dueAt = readyAt
        if generations == 0 {
            dispatchedAt = nil
            deadlineAt = nil
        }
    }

    /// Nobody knows whether there is a job, or it was not found yet: the Reconciler looks at `lookAt`.
    package mutating func lookLater(at lookAt: Timestamp, looked: Bool) throws(IllegalTransition) {
        try expect([.submitting], "lookLater")
        if looked { tries += 1 }
        dueAt = lookAt
    }

    /// No job was found and the cost policy allows one more submission: on the same lane, whatever becomes of its
    /// batch, since there may be a job all the same.
    package mutating func resubmit(readyAt: Timestamp) throws(IllegalTransition) {
        try expect([.submitting], "resubmit")
        state = .queued
        blindResubmissions += 1
        waitingLane = lane
        dueAt = readyAt
    }

    /// The provider still works, or could not be asked.
    package mutating func pollLater(at pollAt: Timestamp) throws(IllegalTransition) {
        try expect([.running], "pollLater")
        dueAt = pollAt
    }

    /// The provider does not know the job (`missing`), or knows it again.
    package mutating func noticeMissing(_ missing: Bool) throws(IllegalTransition) {
        try expect([.running], "noticeMissing")
        tries = missing ? tries + 1 : 0
    }

    /// The provider gave up in passing and another generation is allowed: back to the queue, the deadline runs on.
    ///
    /// - Parameter other: the lane to which it goes over; nil to wait where it waited before.
    package mutating func retryGeneration(readyAt: Timestamp, on other: LaneID? = nil) throws(IllegalTransition) {
        try expect([.running], "retryGeneration")
        state = .queued
        job = nil
        tries = 0
        dueAt = readyAt
        waitingLane = mayChangeLane ? other ?? waitingLane : waitingLane
    }

    /// The lane in which it waits apart stands still: it waits in another one from now on.
    package mutating func waitElsewhere(in other: LaneID) throws(IllegalTransition) {
        try expect([.queued], "waitElsewhere")
        if !mayChangeLane { throw IllegalTransition(state: state, event: "waitElsewhere after an unknown create") }
        waitingLane = other
    }

    /// False after a create whose outcome is not known: the provider may still make that video, so that no other one is
    /// asked for it.
    package var mayChangeLane: Bool { blindResubmissions == 0 }

    /// The provider finished: the video waits to be stored.
    package mutating func finishedAtProvider(at now: Timestamp) throws(IllegalTransition) {
        try expect([.running], "finishedAtProvider")
        state = .storing
        tries = 0
        dueAt = now
    }

    /// Storing is under way or failed in passing: the next try is due at `tryAt`.
    package mutating func storeLater(at tryAt: Timestamp) throws(IllegalTransition) {
        try expect([.storing], "storeLater")
        tries += Self.triesOfLease(in: .storing)
        dueAt = tryAt
    }

    /// Too little of the lease was left to begin: due again at once, and this was no try.
    package mutating func storeNotStarted(at now: Timestamp) throws(IllegalTransition) {
        try expect([.storing], "storeNotStarted")
        tries = max(0, tries - 1)
        dueAt = now
    }

    /// The bytes are stored, hashed and checked.
    package mutating func stored(_ asset: AssetID, at now: Timestamp) throws(IllegalTransition) {
        try expect([.storing], "stored")
        state = .succeeded
        self.asset = asset
        finishedAt = now
    }

    /// It ends without a video, from any open state.
    package mutating func fail(_ failure: Failure, at now: Timestamp) throws(IllegalTransition) {
        try expect([.queued, .submitting, .running, .storing], "fail")
        state = .failed
        self.failure = failure
        finishedAt = now
    }

    /// How many tries the taking of a task counts for: storing is tried a few times, the others are not counted so.
    package static func triesOfLease(in state: State) -> Int {
        switch state {
        case .storing: 1
        case .queued, .submitting, .running, .succeeded, .failed: 0
        }
    }

    /// A worker takes a task of its stage: nobody else looks at it before `moment`.
    package func leased(until moment: Timestamp) throws(IllegalTransition) -> VideoTask {
        var after = self
        switch state {
        case .submitting: try after.lookLater(at: moment, looked: false)
        case .running: try after.pollLater(at: moment)
        case .storing: try after.storeLater(at: moment)
        case .queued, .succeeded, .failed: throw IllegalTransition(state: state, event: "leased")
        }
        return after
    }

    /// Refuses an event that the state does not take; the first line of every step that may end the task.
    func expect(_ states: [State], _ event: String) throws(IllegalTransition) {
        guard states.contains(state) else { throw IllegalTransition(state: state, event: event) }
    }
}
