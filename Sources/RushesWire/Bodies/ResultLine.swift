/// One line of `results.jsonl`: how a task ended.
public struct ResultLine: Codable, Sendable, Equatable {
    /// Always `result`.
    public var object: String
    /// The caller's name of the task.
    public var customID: String
    /// The task.
    public var taskID: String
    /// Its batch.
    public var batchID: String
    /// Place in the sheet, from 0.
    public var index: Int
    /// The task's status.
    public var status: String
    /// Why it failed.
    @Nullable public var failure: FailureBody?
    /// Null while it is open, then its price or 0.
    @Nullable public var chargedMicros: Int64?
    /// The stored video; null unless it succeeded.
    @Nullable public var asset: ResultAsset?
    /// When it ended; RFC 3339 with milliseconds.
    @Nullable public var finishedAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        customID: String, taskID: String, batchID: String, index: Int, status: String,
        failure: FailureBody?, chargedMicros: Int64?, asset: ResultAsset?, finishedAt: String?
    ) {
        object = "result"
        self.customID = customID
        self.taskID = taskID
        self.batchID = batchID
        self.index = index
        self.status = status
        self.failure = failure
        self.chargedMicros = chargedMicros
        self.asset = asset
        self.finishedAt = finishedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case customID = "custom_id"
        case taskID = "task_id"
        case batchID = "batch_id"
        case index
        case status
        case failure
        case chargedMicros = "charged_micros"
        case asset
        case finishedAt = "finished_at"
    }
}

/// Where the video of a result is.
public struct ResultAsset: Codable, Sendable, Equatable {
    /// Identifier, `ast_...`.
    public var id: String
    /// The path to get it from, with the same API key.
    public var contentPath: String
    /// Length.
    public var bytes: Int64
    /// Hash of the content in hexadecimal.
    public var sha256: String
    /// `video/mp4`.
    public var contentType: String

    /// The body from its members, in the order of the fields.
    public init(id: String, contentPath: String, bytes: Int64, sha256: String, contentType: String) {
        self.id = id
        self.contentPath = contentPath
        self.bytes = bytes
        self.sha256 = sha256
        self.contentType = contentType
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case contentPath = "content_path"
        case bytes
        case sha256
        case contentType = "content_type"
    }
}
