/// The `openai-poll-after-ms` header: when it makes sense to ask again.
enum PollHint {
    /// What is left of the job's time, between the limits at speed 1, and never less than the lower one.
    static func milliseconds(_ job: VideoJob, at now: UnixMilliseconds, speed: Double) -> Int {
        let (least, most) = (SandboxLimits.pollHintMillisecondsMin, SandboxLimits.pollHintMillisecondsMax)
        let left = job.endsAt.map { Double(max($0 - now, 0)) * speed } ?? most
        return Int(max(min(max(left, least), most) / speed, least).rounded(.up))
    }
}
