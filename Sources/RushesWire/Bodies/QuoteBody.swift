/// What a batch would cost and take; the answer of a dry run, which writes nothing.
public struct QuoteBody: Codable, Sendable, Equatable {
    /// Always `quote`.
    public var object: String
    /// The catalogue's model id.
    public var model: String
    /// Tasks.
    public var count: Int
    /// Price of one video.
    public var unitPriceMicros: Int64
    /// count x unit price: what would be frozen.
    public var totalMicros: Int64
    /// The wallet's free credits now.
    public var availableMicros: Int64
    /// Free credits after the freeze; null when the wallet cannot pay.
    @Nullable public var availableAfterMicros: Int64?
    /// What is missing; 0 when the wallet can pay.
    public var shortMicros: Int64
    /// True when the same request without `dry_run` would be accepted now.
    public var canStart: Bool
    /// True while a payment is disputed: no batch is accepted.
    public var suspended: Bool
    /// The model's smallest batch.
    public var minBatch: Int
    /// The version of the price book.
    public var priceVersion: Int
    /// Estimated time to the end of the batch.
    public var etaSeconds: Int64
    /// True when the estimate comes from the time that the lane's jobs took lately, false when from the promised one.
    public var etaIsMeasured: Bool
    /// Tasks that are not dispatched within this time expire.
    public var windowHours: Int
    /// The budgets that the batch would count for, as they are now.
    public var budgets: [BudgetBody]

    /// The body from its members, in the order of the fields.
    public init(
        model: String, count: Int, unitPriceMicros: Int64, totalMicros: Int64, availableMicros: Int64,
        availableAfterMicros: Int64?, shortMicros: Int64, canStart: Bool, minBatch: Int, priceVersion: Int,
        etaSeconds: Int64, etaIsMeasured: Bool = false, windowHours: Int, budgets: [BudgetBody] = [],
        suspended: Bool = false
    ) {
        object = "quote"
        self.model = model
        self.count = count
        self.unitPriceMicros = unitPriceMicros
        self.totalMicros = totalMicros
        self.availableMicros = availableMicros
        self.availableAfterMicros = availableAfterMicros
        self.shortMicros = shortMicros
        self.canStart = canStart
        self.suspended = suspended
        self.minBatch = minBatch
        self.priceVersion = priceVersion
        self.etaSeconds = etaSeconds
        self.etaIsMeasured = etaIsMeasured
        self.windowHours = windowHours
        self.budgets = budgets
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case model
        case count
        case unitPriceMicros = "unit_price_micros"
        case totalMicros = "total_micros"
        case availableMicros = "available_micros"
        case availableAfterMicros = "available_after_micros"
        case shortMicros = "short_micros"
        case canStart = "can_start"
        case suspended
        case minBatch = "min_batch"
        case priceVersion = "price_version"
        case etaSeconds = "eta_seconds"
        case etaIsMeasured = "eta_is_measured"
        case windowHours = "window_hours"
        case budgets
    }
}
