/// The frozen credits of one batch.
public struct HoldBody: Codable, Sendable, Equatable {
    /// Always `hold`.
    public var object: String
    /// The batch.
    public var batchID: String
    /// `open` or `closed`.
    public var status: String
    /// What was frozen.
    public var frozenMicros: Int64
    /// What is still frozen.
    public var heldMicros: Int64
    /// Captured for successes.
    public var chargedMicros: Int64
    /// Released for failures.
    public var refundedMicros: Int64
    /// What was drawn from each lot, in the order of capture.
    public var lots: [HoldLotBody]
    /// When it was opened; RFC 3339 with milliseconds.
    public var createdAt: String
    /// When it was closed; RFC 3339 with milliseconds.
    @Nullable public var closedAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        batchID: String, status: String, frozenMicros: Int64, heldMicros: Int64, chargedMicros: Int64,
        refundedMicros: Int64, lots: [HoldLotBody], createdAt: String, closedAt: String?
    ) {
        object = "hold"
        self.batchID = batchID
        self.status = status
        self.frozenMicros = frozenMicros
        self.heldMicros = heldMicros
        self.chargedMicros = chargedMicros
        self.refundedMicros = refundedMicros
        self.lots = lots
        self.createdAt = createdAt
        self.closedAt = closedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case batchID = "batch_id"
        case status
        case frozenMicros = "frozen_micros"
        case heldMicros = "held_micros"
        case chargedMicros = "charged_micros"
        case refundedMicros = "refunded_micros"
        case lots
        case createdAt = "created_at"
        case closedAt = "closed_at"
    }
}

/// A part of a hold.
public struct HoldLotBody: Codable, Sendable, Equatable {
    /// The lot.
    public var lotID: String
    /// What was drawn from it.
    public var amountMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(lotID: String, amountMicros: Int64) {
        self.lotID = lotID
        self.amountMicros = amountMicros
    }

    private enum CodingKeys: String, CodingKey {
        case lotID = "lot_id"
        case amountMicros = "amount_micros"
    }
}
