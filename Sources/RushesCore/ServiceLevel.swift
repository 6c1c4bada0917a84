/// How well a model's promise was kept in one month: what was delivered how fast, and what came too late.
package struct ServiceLevel: Sendable, Equatable {
    /// The model.
    package let model: String
    /// The month in which the tasks ended, in UTC.
    package let month: CalendarMonth
    /// Videos that were delivered.
    package private(set) var delivered: Int
    /// Those that were delivered within the time that was promised when their batch was frozen.
    package private(set) var withinTarget: Int
    /// Tasks that were not ready at their deadline, failed, and were refunded.
    package private(set) var timedOut: Int
    /// Tasks that failed at the provider or here for another reason, and were refunded; what the customer has cancelled
    /// or the provider refused to make is not among them.
    package private(set) var failed: Int
    /// From dispatch to the stored video: the time that the promise is about.
    package private(set) var fromDispatch: LatencyCounts
    /// From the batch's creation to the stored video: what customers wait.
    package private(set) var fromCreation: LatencyCounts

    /// A month as it stands in the database; nothing counted when nothing is said.
    package init(
        model: String, month: CalendarMonth, delivered: Int = 0, withinTarget: Int = 0, timedOut: Int = 0,
        failed: Int = 0, fromDispatch: LatencyCounts = LatencyCounts(), fromCreation: LatencyCounts = LatencyCounts()
    ) {
        self.model = model
        self.month = month
        self.delivered = delivered
        self.withinTarget = withinTarget
        self.timedOut = timedOut
        self.failed = failed
        self.fromDispatch = fromDispatch
        self.fromCreation = fromCreation
    }

    /// Counts a task that has ended; `slaSeconds` is its batch's promise, nil when the task's own deadline is all that
    /// is known of it.
    package mutating func count(_ task: VideoTask, slaSeconds: Int?) {
        guard let finishedAt = task.finishedAt else { return }
        if let failure = task.failure {
            switch failure.type {
            case .timedOut: timedOut += 1
            case .providerError, .providerUnavailable, .storageError, .internalError: failed += 1
            case .invalidRequest, .moderated, .cancelled, .expired: break
            }
            return
        }
        let dispatchedAt = task.dispatchedAt ?? task.createdAt
        let took = finishedAt.milliseconds(since: dispatchedAt)
        let promised =
            slaSeconds.map { Int64($0) * 1_000 } ?? task.deadlineAt?.milliseconds(since: dispatchedAt) ?? .max
        delivered += 1
        if took <= promised { withinTarget += 1 }
        fromDispatch.record(milliseconds: took)
        fromCreation.record(milliseconds: finishedAt.milliseconds(since: task.createdAt))
    }

    /// True when nothing was counted.
    package var isEmpty: Bool { delivered == 0 && timedOut == 0 && failed == 0 }

    /// Adds what was counted of the same model and month.
    package mutating func add(_ other: ServiceLevel) {
        precondition(other.model == model && other.month == month, "counts of one model and month are added")
        delivered += other.delivered
        withinTarget += other.withinTarget
        timedOut += other.timedOut
        failed += other.failed
        fromDispatch.add(other.fromDispatch)
        fromCreation.add(other.fromCreation)
    }

    /// Millionths of the tasks that were to be delivered in time and were: those that came late or not at all within
    /// the deadline are the rest; nil without any.
    package var withinTargetPPM: Int? {
        let promised = delivered + timedOut
        return promised == 0 ? nil : withinTarget * 1_000_000 / promised
    }
}
