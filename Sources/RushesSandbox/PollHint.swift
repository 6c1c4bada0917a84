/// The `openai-poll-after-ms` header: when it makes sense to ask again.
enum PollHint {
    /// What is left of the job's time, between the limits: a client that heeds it asks little, also at high speed.
    static func milliseconds(_ job: VideoJob, at now: UnixMilliseconds) -> Int {
        let (least, most) = (SandboxLimits.pollHintMillisecondsMin, SandboxLimits.pollHintMillisecondsMax)
        let left = job.endsAt.map { Double(max($0 - now, 0)) } ?? most
        return Int(min(max(left, least), most).rounded(.up))
    }
}
