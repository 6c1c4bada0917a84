/// A stored video.
public struct AssetBody: Codable, Sendable, Equatable {
    /// Always `asset`.
    public var object: String
    /// Identifier, `ast_...`.
    public var id: String
    /// The task that made it.
    public var taskID: String
    /// The task's batch.
    public var batchID: String
    /// `video/mp4`.
    public var contentType: String
    /// Length.
    public var bytes: Int64
    /// Hash of the content in hexadecimal; also its ETag.
    public var sha256: String
    /// When it was stored; RFC 3339 with milliseconds.
    public var createdAt: String
    /// The path of its bytes.
    public var contentPath: String
    /// Its still images, as soon as there are some.
    public var images: [AssetImageBody]

    /// The body from its members, in the order of the fields.
    public init(
        id: String, taskID: String, batchID: String, contentType: String, bytes: Int64, sha256: String,
        createdAt: String, contentPath: String, images: [AssetImageBody]
    ) {
        object = "asset"
        self.id = id
        self.taskID = taskID
        self.batchID = batchID
        self.contentType = contentType
        self.bytes = bytes
        self.sha256 = sha256
        self.createdAt = createdAt
        self.contentPath = contentPath
        self.images = images
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case taskID = "task_id"
        case batchID = "batch_id"
        case contentType = "content_type"
        case bytes
        case sha256
        case createdAt = "created_at"
        case contentPath = "content_path"
        case images
    }
}

/// A still image of a stored video.
public struct AssetImageBody: Codable, Sendable, Equatable {
    /// `poster` or `spritesheet`.
    public var kind: String
    /// `image/jpeg`, `image/png` or `image/webp`.
    public var contentType: String
    /// Length.
    public var bytes: Int64
    /// Hash of the content in hexadecimal; also its ETag.
    public var sha256: String
    /// The path of its bytes.
    public var contentPath: String

    /// The body from its members, in the order of the fields.
    public init(kind: String, contentType: String, bytes: Int64, sha256: String, contentPath: String) {
        self.kind = kind
        self.contentType = contentType
        self.bytes = bytes
        self.sha256 = sha256
        self.contentPath = contentPath
    }

    private enum CodingKeys: String, CodingKey {
        case kind
        case contentType = "content_type"
        case bytes
        case sha256
        case contentPath = "content_path"
    }
}
