/// A batch, as every route shows it.
public struct BatchBody: Codable, Sendable, Equatable {
    /// Always `batch`.
    public var object: String
    /// Identifier, `bat_...`.
    public var id: String
    /// The caller's idempotency key.
    public var requestID: String
    /// The catalogue's model id.
    public var model: String
    /// A name for people.
    @Nullable public var name: String?
    /// `queued`, `processing`, `completed`, `partial` or `failed`.
    public var status: String
    /// Tasks by stage.
    public var counts: BatchCountsBody
    /// Price of one video in micro-credits, fixed at the freeze.
    public var unitPriceMicros: Int64
    /// What was frozen at the start; never changes. Equals held + charged + refunded.
    public var frozenMicros: Int64
    /// Posted for successes so far.
    public var chargedMicros: Int64
    /// Given back for failures so far.
    public var refundedMicros: Int64
    /// Still frozen.
    public var heldMicros: Int64
    /// When it was accepted; RFC 3339 with milliseconds.
    public var createdAt: String
    /// When its first task was dispatched; RFC 3339 with milliseconds.
    @Nullable public var startedAt: String?
    /// When it ended and its hold was closed; RFC 3339 with milliseconds.
    @Nullable public var finishedAt: String?
    /// When somebody asked to cancel it; RFC 3339 with milliseconds.
    @Nullable public var cancelRequestedAt: String?
    /// When its tasks had been kept for their time: they are gone, with their videos; RFC 3339 with milliseconds.
    @Nullable public var tasksRemovedAt: String?
    /// The caller's own pairs.
    public var metadata: [String: String]
    /// The label of the project that it counts for.
    @Nullable public var project: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, requestID: String, model: String, name: String?, status: String, counts: BatchCountsBody,
        unitPriceMicros: Int64, frozenMicros: Int64, chargedMicros: Int64, refundedMicros: Int64,
        heldMicros: Int64, createdAt: String, startedAt: String?, finishedAt: String?,
        cancelRequestedAt: String?, metadata: [String: String], project: String? = nil,
        tasksRemovedAt: String? = nil
    ) {
        object = "batch"
        self.id = id
        self.requestID = requestID
        self.model = model
        self.name = name
        self.status = status
        self.counts = counts
        self.unitPriceMicros = unitPriceMicros
        self.frozenMicros = frozenMicros
        self.chargedMicros = chargedMicros
        self.refundedMicros = refundedMicros
        self.heldMicros = heldMicros
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.cancelRequestedAt = cancelRequestedAt
        self.tasksRemovedAt = tasksRemovedAt
        self.metadata = metadata
        self.project = project
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case requestID = "request_id"
        case model
        case name
        case status
        case counts
        case unitPriceMicros = "unit_price_micros"
        case frozenMicros = "frozen_micros"
        case chargedMicros = "charged_micros"
        case refundedMicros = "refunded_micros"
        case heldMicros = "held_micros"
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case cancelRequestedAt = "cancel_requested_at"
        case tasksRemovedAt = "tasks_removed_at"
        case metadata
        case project
    }
}

/// Tasks of a batch by stage: total = queued + running + succeeded + failed.
public struct BatchCountsBody: Codable, Sendable, Equatable {
    /// All tasks.
    public var total: Int
    /// Waiting for a slot at the provider.
    public var queued: Int
    /// Being submitted, generated or stored.
    public var running: Int
    /// Stored and charged.
    public var succeeded: Int
    /// Ended without a video, cancelled and expired ones included; not charged.
    public var failed: Int

    /// The body from its members, in the order of the fields.
    public init(total: Int, queued: Int, running: Int, succeeded: Int, failed: Int) {
        self.total = total
        self.queued = queued
        self.running = running
        self.succeeded = succeeded
        self.failed = failed
    }

    private enum CodingKeys: String, CodingKey {
        case total
        case queued
        case running
        case succeeded
        case failed
    }
}
