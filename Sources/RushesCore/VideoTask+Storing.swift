extension VideoTask {
    /// Milliseconds that one try to store lasts before another worker may try.
    package static let storeLeaseMilliseconds: Int64 = 60_000
    /// Milliseconds of the lease that must be left when a download starts.
    package static let storeCallMilliseconds = DownloadLimits.video.longestMilliseconds + Limits.videoLookMilliseconds
    private static let storeTriesMax = 3
    private static let unavailablePauseMilliseconds: Int64 = 3_000
    private static let longestPauseMilliseconds: Int64 = 20_000

    /// The moment at which a finished video that is still not stored fails as `storage_error`.
    package var storingEndsAt: Timestamp {
        (deadlineAt ?? createdAt).adding(milliseconds: Limits.storingGraceMilliseconds)
    }

    /// A try to store failed: again after a pause, three times in all, within the grace after the deadline.
    package mutating func storeFailed(at now: Timestamp) throws(IllegalTransition) {
        try expect([.storing], "storeFailed")
        let again = now.adding(milliseconds: Int64(tries) * 1_000)
        if tries >= Self.storeTriesMax || again >= storingEndsAt {
            try fail(Failure(.storageError), at: now)
        } else {
            dueAt = again
        }
    }

    /// The provider did not begin to give the video, for a passing reason: this was no try, and it is asked again as
    /// long as the grace lasts, since the video still lives there.
    package mutating func storeUnavailable(
        waitMilliseconds: Int64?, at now: Timestamp
    ) throws(IllegalTransition) {
        try expect([.storing], "storeUnavailable")
        let wait = min(max(waitMilliseconds ?? 0, Self.unavailablePauseMilliseconds), Self.longestPauseMilliseconds)
        let again = now.adding(milliseconds: wait)
        if again >= storingEndsAt {
            try fail(Failure(.storageError), at: now)
        } else {
            tries = max(0, tries - 1)
            dueAt = again
        }
    }

    /// The provider did not begin to give the video and said why. What its content rules refuse it refuses again, and
    /// the customer is told so; everything else that does not pass counts as a try.
    package mutating func storeRefused(_ fault: ProviderFault, at now: Timestamp) throws(IllegalTransition) {
        try expect([.storing], "storeRefused")
        if fault.class == .moderated {
            try fail(fault.failure, at: now)
        } else if fault.isPassing {
            try storeUnavailable(waitMilliseconds: fault.retryAfterMilliseconds, at: now)
        } else {
            try storeFailed(at: now)
        }
    }

    /// What the Sweeper does with a task whose deadline has passed without its worker ending it.
    package mutating func overdue(at now: Timestamp) throws(IllegalTransition) -> AttemptEffect {
        switch state {
        case .queued:
            try fail(Failure(.timedOut), at: now)
            return .none
        case .submitting, .running:
            try fail(Failure(.timedOut), at: now)
            return .abandoned
        case .storing:
            try fail(Failure(.storageError), at: now)
            return .none
        case .succeeded, .failed:
            throw IllegalTransition(state: state, event: "overdue")
        }
    }

    /// Milliseconds after the deadline at which the Sweeper steps in, when the worker of that stage has not.
    package static func overdueGraceMilliseconds(_ state: State) -> Int64 {
        switch state {
        case .queued, .succeeded, .failed: 0
        case .submitting, .running: 15_000
        case .storing: Limits.storingGraceMilliseconds
        }
    }
}
