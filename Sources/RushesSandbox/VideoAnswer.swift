/// The video object of the wire: all keys are always present, null where there is nothing to say.
struct VideoAnswer: Encodable, Sendable {
    let job: VideoJob
    let state: VideoJob.State

    init(_ job: VideoJob, at now: UnixMilliseconds) {
        self.job = job
        state = job.state(at: now)
    }

    private enum CodingKeys: String, CodingKey {
        case id, object, status, model, progress, seconds, size, prompt, error
        case createdAt = "created_at"
        case completedAt = "completed_at"
        case expiresAt = "expires_at"
        case remixedFrom = "remixed_from_video_id"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(job.id, forKey: .id)
        try container.encode("video", forKey: .object)
        try container.encode(job.createdAt / 1000, forKey: .createdAt)
        try container.encode(state.status, forKey: .status)
        try container.encode(job.model, forKey: .model)
        try container.encode(state.progress, forKey: .progress)
        try container.encode(String(job.seconds), forKey: .seconds)
        try container.encode(job.size.wireText, forKey: .size)
        try container.encode(job.prompt, forKey: .prompt)
        try container.encode(state.endedAt.map { $0 / 1000 }, forKey: .completedAt)
        let expiresAt = state.status == .completed ? job.contentExpiresAt() : nil
        try container.encode(expiresAt.map { $0 / 1000 }, forKey: .expiresAt)
        try container.encode(state.failure, forKey: .error)
        try container.encodeNil(forKey: .remixedFrom)
    }
}

/// The list object; all five keys are always present.
struct VideoListAnswer: Encodable, Sendable {
    let data: [VideoAnswer]
    let hasMore: Bool

    private enum CodingKeys: String, CodingKey {
        case object, data
        case firstID = "first_id"
        case lastID = "last_id"
        case hasMore = "has_more"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("list", forKey: .object)
        try container.encode(data, forKey: .data)
        try container.encode(data.first?.job.id, forKey: .firstID)
        try container.encode(data.last?.job.id, forKey: .lastID)
        try container.encode(hasMore, forKey: .hasMore)
    }
}

/// The answer to a delete.
struct DeletionAnswer: Encodable, Sendable {
    let id: String
    let object = "video.deleted"
    let deleted = true
}
