extension VideoJob {
    /// The moments of a job's life, from the drawn latency and the markers.
    struct Schedule {
        let startsAt: UnixMilliseconds
        let endsAt: UnixMilliseconds?
        let usuallyEndsAt: UnixMilliseconds
        let ending: Ending

        init(
            draw: LatencyProfile.Draw, markers: PromptMarkers, deadline: UnixMilliseconds?,
            createdAt: UnixMilliseconds, speed: Double
        ) {
            let work = max(UnixMilliseconds(draw.totalMilliseconds / speed), 2)
            let queued = Double(markers.slowMilliseconds ?? work) * draw.queueMilliseconds / draw.totalMilliseconds
            startsAt = createdAt + (markers.queueMilliseconds ?? max(UnixMilliseconds(queued), 1))
            let usualTotal = (markers.slowMilliseconds ?? work) + (markers.queueMilliseconds ?? 0)
            usuallyEndsAt = max(createdAt + usualTotal, startsAt + 1)
            var ending = markers.ending ?? .completed
            if markers.isLate, ending == .completed, deadline == nil { ending = .neverEnds }
            self.ending = ending
            if markers.isLate, ending == .completed, let deadline {
                endsAt = max(deadline + SandboxLimits.lateMilliseconds, startsAt + 1)
            } else if let share = ending.shareOfUsualTime {
                endsAt = max(createdAt + UnixMilliseconds(Double(usualTotal) * share), startsAt + 1)
            } else {
                endsAt = nil
            }
        }
    }
}

extension VideoJob.Ending {
    /// The share of the usual time after which a job ends so; nil when it never does. Providers refuse early.
    fileprivate var shareOfUsualTime: Double? {
        switch self {
        case .completed: 1
        case .generationFailed: 0.5
        case .moderationBlocked: 0.25
        case .serverError: 0.1
        case .neverEnds, .pausedUpstream, .vanishes: nil
        }
    }
}
