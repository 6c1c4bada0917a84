/// How the tasks of one batch moved in one transaction.
package struct BatchMovement: Sendable, Equatable {
    /// Tasks from queued to running.
    package var dispatched = 0
    /// Tasks from running back to queued.
    package var requeued = 0
    /// Running tasks that succeeded.
    package var succeeded = 0
    /// Running tasks that failed.
    package var failedWhileRunning = 0
    /// Queued tasks that failed.
    package var failedWhileQueued = 0

    /// No movement.
    package init() {}

    /// Tasks that failed.
    package var failed: Int { failedWhileRunning + failedWhileQueued }

    /// Notes one task's move; a move inside one group counts nothing.
    package mutating func add(from: VideoTask.State, to: VideoTask.State) {
        switch (from.group, to.group) {
        case (.queued, .running): dispatched += 1
        case (.running, .queued): requeued += 1
        case (.running, .succeeded): succeeded += 1
        case (.running, .failed): failedWhileRunning += 1
        case (.queued, .failed): failedWhileQueued += 1
        case (.queued, .queued), (.running, .running): break
        case (.queued, .succeeded), (.succeeded, _), (.failed, _):
            preconditionFailure("a task never moves from \(from) to \(to)")
        }
    }
}

/// A batch was asked to do what its state does not allow: a defect of the program.
package struct IllegalBatchTransition: Error, Sendable, Equatable {
    /// The batch's status.
    package let status: Batch.Status
    /// What was asked.
    package let event: String
}

extension Batch {
    /// Counts tasks that moved; the first dispatch starts the batch. Answers the events to write.
    ///
    /// - Throws: `IllegalBatchTransition` when the batch has ended.
    package mutating func move(_ movement: BatchMovement, at now: Timestamp) throws(IllegalBatchTransition)
        -> [EventType]
    {
        guard !status.isTerminal else { throw IllegalBatchTransition(status: status, event: "move") }
        counts = BatchCounts(
            total: counts.total,
            queued: counts.queued - movement.dispatched + movement.requeued - movement.failedWhileQueued,
            running: counts.running + movement.dispatched - movement.requeued - movement.succeeded
                - movement.failedWhileRunning,
            succeeded: counts.succeeded + movement.succeeded,
            failed: counts.failed + movement.failed)
        settleDueAt = settlementDue(after: movement, at: now)
        guard status == .queued, movement.dispatched > 0 else { return [] }
        status = .processing
        startedAt = now
        return [.batchProcessing]
    }

    /// When the next posting is due: 2 s after the first unposted failure, at 256 unposted ends, 10 minutes after the
    /// first unposted success, and at once when no task is open (`product.md` section 3).
    private func settlementDue(after movement: BatchMovement, at now: Timestamp) -> Timestamp? {
        let unposted = counts.succeeded + counts.failed - postedSucceeded - postedFailed
        if unposted == 0 { return nil }
        if counts.open == 0 || unposted >= Limits.unpostedEndsMax { return min(settleDueAt ?? now, now) }
        var due = settleDueAt ?? Timestamp(milliseconds: .max)
        if movement.failed > 0 { due = min(due, now.adding(milliseconds: Limits.failurePostingDelayMilliseconds)) }
        if movement.succeeded > 0 { due = min(due, now.adding(milliseconds: Limits.successPostingDelayMilliseconds)) }
        return due
    }

    /// Notes that everything ended so far is posted; ends the batch when the hold is closed. Answers the events.
    ///
    /// - Throws: `IllegalBatchTransition` when the batch has ended, or is to end with open tasks.
    package mutating func posted(closing: Bool, at now: Timestamp) throws(IllegalBatchTransition) -> [EventType] {
        guard !status.isTerminal, closing == (counts.open == 0) else {
            throw IllegalBatchTransition(status: status, event: "posted")
        }
        postedSucceeded = counts.succeeded
        postedFailed = counts.failed
        instalments += 1
        settleDueAt = nil
        guard closing else { return [.tasksSettled] }
        status = conclusion
        finishedAt = now
        switch status {
        case .completed: return [.tasksSettled, .batchCompleted]
        case .partial: return [.tasksSettled, .batchPartial]
        case .failed: return [.tasksSettled, .batchFailed]
        case .queued, .processing: preconditionFailure("a conclusion is an ending")
        }
    }

    /// The ending that the counts alone decide.
    private var conclusion: Status {
        if counts.succeeded == counts.total { return .completed }
        return counts.succeeded == 0 ? .failed : .partial
    }

    /// Asks that nothing more be dispatched; a repeat or an ended batch changes nothing.
    package mutating func requestCancel(at now: Timestamp) -> [EventType] {
        guard !status.isTerminal, cancelRequestedAt == nil else { return [] }
        cancelRequestedAt = now
        return [.batchCancelled]
    }
}
