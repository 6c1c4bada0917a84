extension VideoJob {
    /// What a reader is told about a job at one moment.
    struct State: Sendable, Equatable {
        let status: Status
        let progress: Int
        let endedAt: UnixMilliseconds?
        let failure: Failure?
    }

    /// The `status` words; `paused_upstream` is deliberately none of the documented ones.
    enum Status: String, Codable, Sendable {
        case queued
        case inProgress = "in_progress"
        case completed, failed
        case pausedUpstream = "paused_upstream"
    }

    /// The `error` member of a failed job.
    struct Failure: Codable, Sendable, Equatable {
        let code: String
        let message: String
    }

    /// The state at `now`: a pure function, so nothing needs a timer and nothing is lost in a restart.
    func state(at now: UnixMilliseconds) -> State {
        if now < startsAt { return State(status: .queued, progress: 0, endedAt: nil, failure: nil) }
        if ending == .pausedUpstream {
            return State(status: .pausedUpstream, progress: 0, endedAt: nil, failure: nil)
        }
        guard let endsAt, now >= endsAt else {
            return State(status: .inProgress, progress: progress(at: now), endedAt: nil, failure: nil)
        }
        guard let failure = ending.failure(code: failureCode) else {
            return State(status: .completed, progress: 100, endedAt: endsAt, failure: nil)
        }
        return State(status: .failed, progress: progress(at: endsAt), endedAt: endsAt, failure: failure)
    }

    /// Rises to 99 at the usual end and stays there until the job really ends.
    private func progress(at now: UnixMilliseconds) -> Int {
        let done = max(now - startsAt, 0)
        let whole = max(usuallyEndsAt - startsAt, 1)
        return Int(min(done * 99 / whole, 99))
    }
}

extension VideoJob.Ending {
    fileprivate func failure(code: String?) -> VideoJob.Failure? {
        switch self {
        case .completed, .neverEnds, .pausedUpstream, .vanishes: nil
        case .generationFailed:
            .init(code: code ?? "video_generation_failed", message: "The video could not be generated.")
        case .moderationBlocked:
            .init(code: "moderation_blocked", message: "The moderation system blocked this request.")
        case .serverError:
            .init(code: "server_error", message: "The server had an error while it generated the video.")
        }
    }
}
