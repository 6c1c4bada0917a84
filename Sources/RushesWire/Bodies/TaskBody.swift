/// A task: one video to make.
public struct TaskBody: Codable, Sendable, Equatable {
    /// Always `task`.
    public var object: String
    /// Identifier, `tsk_...`.
    public var id: String
    /// Its batch.
    public var batchID: String
    /// Place in the sheet, from 0.
    public var index: Int
    /// The caller's name, unique in the batch.
    public var customID: String
    /// What the video shows.
    public var prompt: String
    /// Length in seconds.
    public var seconds: Int
    /// Pixels, as `1280x720`.
    public var size: String
    /// `queued`, `submitting`, `running`, `storing`, `succeeded` or `failed`.
    public var status: String
    /// Why it failed; null unless it did.
    @Nullable public var failure: FailureBody?
    /// Submissions to a provider so far.
    public var attempts: Int
    /// When it was accepted; RFC 3339 with milliseconds.
    public var createdAt: String
    /// When its present attempt was committed; RFC 3339 with milliseconds.
    @Nullable public var dispatchedAt: String?
    /// When it ended; RFC 3339 with milliseconds.
    @Nullable public var finishedAt: String?
    /// When it fails as `timed_out`; RFC 3339 with milliseconds.
    @Nullable public var deadlineAt: String?
    /// The stored video.
    @Nullable public var assetID: String?
    /// Null while it is open, then its price or 0.
    @Nullable public var chargedMicros: Int64?
    /// Every submission; only in the answer for a single task.
    public var attemptHistory: [AttemptBody]?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, batchID: String, index: Int, customID: String, prompt: String, seconds: Int,
        size: String, status: String, failure: FailureBody?, attempts: Int, createdAt: String,
        dispatchedAt: String?, finishedAt: String?, deadlineAt: String?, assetID: String?,
        chargedMicros: Int64?, attemptHistory: [AttemptBody]? = nil
    ) {
        object = "task"
        self.id = id
        self.batchID = batchID
        self.index = index
        self.customID = customID
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
        self.status = status
        self.failure = failure
        self.attempts = attempts
        self.createdAt = createdAt
        self.dispatchedAt = dispatchedAt
        self.finishedAt = finishedAt
        self.deadlineAt = deadlineAt
        self.assetID = assetID
        self.chargedMicros = chargedMicros
        self.attemptHistory = attemptHistory
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case batchID = "batch_id"
        case index
        case customID = "custom_id"
        case prompt
        case seconds
        case size
        case status
        case failure
        case attempts
        case createdAt = "created_at"
        case dispatchedAt = "dispatched_at"
        case finishedAt = "finished_at"
        case deadlineAt = "deadline_at"
        case assetID = "asset_id"
        case chargedMicros = "charged_micros"
        case attemptHistory = "attempt_history"
    }
}

/// Why a task failed.
public struct FailureBody: Codable, Sendable, Equatable {
    /// One of the failure types of the documentation, such as `timed_out`.
    public var type: String
    /// A sentence for people.
    public var message: String
    /// The provider's own code, when it gave one.
    @Nullable public var providerCode: String?

    /// The body from its members, in the order of the fields.
    public init(type: String, message: String, providerCode: String?) {
        self.type = type
        self.message = message
        self.providerCode = providerCode
    }

    private enum CodingKeys: String, CodingKey {
        case type
        case message
        case providerCode = "provider_code"
    }
}

/// One submission of a task to a provider.
public struct AttemptBody: Codable, Sendable, Equatable {
    /// From 1.
    public var number: Int
    /// Who was asked.
    public var provider: String
    /// The provider's name of the job, once it is known.
    @Nullable public var providerJobID: String?
    /// What is known of it, such as `running`, `completed`, `failed` or `not_accepted`.
    @Nullable public var outcome: String?
    /// When it was committed, before the call; RFC 3339 with milliseconds.
    public var startedAt: String
    /// When its end was known; RFC 3339 with milliseconds.
    @Nullable public var endedAt: String?
    /// What went wrong; null when nothing did.
    @Nullable public var failure: FailureBody?

    /// The body from its members, in the order of the fields.
    public init(
        number: Int, provider: String, providerJobID: String?, outcome: String?, startedAt: String,
        endedAt: String?, failure: FailureBody?
    ) {
        self.number = number
        self.provider = provider
        self.providerJobID = providerJobID
        self.outcome = outcome
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.failure = failure
    }

    private enum CodingKeys: String, CodingKey {
        case number
        case provider
        case providerJobID = "provider_job_id"
        case outcome
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case failure
    }
}
