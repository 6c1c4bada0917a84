/// A grant and where its credits are at some number of the ledger.
public struct LotStandingBody: Codable, Sendable, Equatable {
    /// Identifier, `lot_...`.
    public var lotID: String
    /// `package`, `topup`, `promo`, `sla_credit`, `adjustment` or `credit_line`.
    public var kind: String
    /// Cash paid, in micro-US-dollars.
    public var paidMicros: Int64
    /// Credits granted; the sum of the six places below.
    public var faceMicros: Int64
    /// Free to use.
    public var availableMicros: Int64
    /// Frozen for running batches.
    public var heldMicros: Int64
    /// Charged for delivered videos.
    public var capturedMicros: Int64
    /// Ran out.
    public var expiredMicros: Int64
    /// Taken back against cash.
    public var revokedMicros: Int64
    /// Taken away by a correction.
    public var adjustedMicros: Int64
    /// Cash paid back for what was taken back, in micro-US-dollars.
    public var refundedMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(
        lotID: String, kind: String, paidMicros: Int64, faceMicros: Int64, availableMicros: Int64, heldMicros: Int64,
        capturedMicros: Int64, expiredMicros: Int64, revokedMicros: Int64, adjustedMicros: Int64,
        refundedMicros: Int64
    ) {
        self.lotID = lotID
        self.kind = kind
        self.paidMicros = paidMicros
        self.faceMicros = faceMicros
        self.availableMicros = availableMicros
        self.heldMicros = heldMicros
        self.capturedMicros = capturedMicros
        self.expiredMicros = expiredMicros
        self.revokedMicros = revokedMicros
        self.adjustedMicros = adjustedMicros
        self.refundedMicros = refundedMicros
    }

    private enum CodingKeys: String, CodingKey {
        case lotID = "lot_id"
        case kind
        case paidMicros = "paid_micros"
        case faceMicros = "face_micros"
        case availableMicros = "available_micros"
        case heldMicros = "held_micros"
        case capturedMicros = "captured_micros"
        case expiredMicros = "expired_micros"
        case revokedMicros = "revoked_micros"
        case adjustedMicros = "adjusted_micros"
        case refundedMicros = "refunded_micros"
    }
}
