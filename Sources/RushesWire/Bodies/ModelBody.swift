/// A model that can be ordered.
public struct ModelBody: Codable, Sendable, Equatable {
    /// Always `model`.
    public var object: String
    /// The name to use in `model`.
    public var id: String
    /// The name for people.
    public var displayName: String
    /// List price of one video.
    public var unitPriceMicros: Int64
    /// Tasks in a batch at least.
    public var minBatch: Int
    /// Tasks in a batch at most.
    public var maxBatch: Int
    /// Allowed lengths; the first is the default.
    public var seconds: [Int]
    /// Allowed sizes; the first is the default.
    public var sizes: [String]
    /// The promise: 95 % of the videos within this time of dispatch.
    public var slaSeconds: Int
    /// The hard end of a task, from dispatch.
    public var deadlineSeconds: Int
    /// Who makes the videos; `sandbox` means an emulator.
    public var provider: String
    /// `active`, `retired`, or `unavailable` when no provider makes it now.
    public var state: String

    /// The body from its members, in the order of the fields.
    public init(
        id: String, displayName: String, unitPriceMicros: Int64, minBatch: Int, maxBatch: Int,
        seconds: [Int], sizes: [String], slaSeconds: Int, deadlineSeconds: Int, provider: String,
        state: String
    ) {
        object = "model"
        self.id = id
        self.displayName = displayName
        self.unitPriceMicros = unitPriceMicros
        self.minBatch = minBatch
        self.maxBatch = maxBatch
        self.seconds = seconds
        self.sizes = sizes
        self.slaSeconds = slaSeconds
        self.deadlineSeconds = deadlineSeconds
        self.provider = provider
        self.state = state
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case displayName = "display_name"
        case unitPriceMicros = "unit_price_micros"
        case minBatch = "min_batch"
        case maxBatch = "max_batch"
        case seconds
        case sizes
        case slaSeconds = "sla_seconds"
        case deadlineSeconds = "deadline_seconds"
        case provider
        case state
    }
}
