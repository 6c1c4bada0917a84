/// One accepted video: everything that decides its future is fixed here at creation and written to the journal.
struct VideoJob: Codable, Sendable, Equatable {
    let id: String
    let model: String
    let prompt: String
    let seconds: Int
    let size: VideoSize
    let createdAt: UnixMilliseconds
    let startsAt: UnixMilliseconds
    /// Nil when the job never ends.
    let endsAt: UnixMilliseconds?
    /// When a job without a marker would have ended; progress is measured against it.
    let usuallyEndsAt: UnixMilliseconds
    let ending: Ending
    let content: Content
    /// How long a download takes; nil for as fast as it can.
    var contentMilliseconds: UnixMilliseconds?
    /// The code of a failed job, instead of the usual one.
    var failureCode: String?
    /// The dialect that the job was made in; nil in journals from before there were others.
    var surface: Surface?
    /// The bucket and prefix that a Vertex job writes to; nil puts the video into the answer.
    var storage: String?
    /// What stands before the operation's identifier in Google's dialects.
    var operationParent: String?
    /// What the create brought besides what decides the video; nil for nothing.
    var extras: ExtraParameters?

    /// The dialects of the sandbox.
    enum Surface: String, Codable, Sendable {
        case openAI = "openai"
        case gemini, vertex
    }

    /// How the job's life ends.
    enum Ending: String, Codable, Sendable {
        case completed
        case generationFailed = "generation_failed"
        case moderationBlocked = "moderation_blocked"
        case serverError = "server_error"
        case neverEnds = "never_ends"
        case pausedUpstream = "paused_upstream"
        /// The job is accepted and then unknown.
        case vanishes
    }

    /// What the download of a completed job delivers.
    enum Content: String, Codable, Sendable {
        case whole, corrupt, truncated
        /// Nothing: no bytes, or in Google's dialects no video.
        case empty
        /// Gone as soon as it is there.
        case expired
    }
}

extension VideoJob {
    /// A new job; `deadline` is the caller's, known only from its header and used only for `[sim:late]`.
    init(
        id: String, request: VideoRequest, markers: PromptMarkers, deadline: UnixMilliseconds?,
        createdAt: UnixMilliseconds, speed: Double, seed: UInt64
    ) {
        var generator = SplitMix64(seed: Fingerprint.number(id) ^ seed)
        let draw = request.model.latency.draw(seconds: request.seconds, size: request.size, using: &generator)
        let schedule = Schedule(draw: draw, markers: markers, deadline: deadline, createdAt: createdAt, speed: speed)
        self.init(
            id: id, model: request.model.id, prompt: request.prompt, seconds: request.seconds, size: request.size,
            createdAt: createdAt, startsAt: schedule.startsAt, endsAt: schedule.endsAt,
            usuallyEndsAt: schedule.usuallyEndsAt, ending: schedule.ending, content: markers.content,
            contentMilliseconds: markers.contentMilliseconds, failureCode: markers.failureCode,
            surface: request.surface, storage: request.storage, operationParent: request.operationParent,
            extras: request.extras.flatMap { $0.texts.isEmpty ? nil : $0 })
    }

    /// Whether the job ends with bytes that must be rendered first.
    var needsClip: Bool {
        guard ending == .completed else { return false }
        switch content {
        case .whole, .truncated: return true
        case .corrupt, .empty, .expired: return false
        }
    }

    func hasEnded(at now: UnixMilliseconds) -> Bool {
        endsAt.map { now >= $0 } ?? false
    }

    /// Whole seconds since 1970 after which the content is gone; nil unless completed.
    func contentExpiresAt() -> UnixMilliseconds? {
        guard ending == .completed, let endsAt else { return nil }
        return content == .expired ? endsAt : endsAt + SandboxLimits.contentLifetimeMilliseconds
    }
}
