/// The credits of an organization.
public struct WalletBody: Codable, Sendable, Equatable {
    /// Always `wallet`.
    public var object: String
    /// Free to use.
    public var availableMicros: Int64
    /// Frozen for running batches.
    public var heldMicros: Int64
    /// available + held.
    public var totalMicros: Int64
    /// The mark below which the event `wallet.low_balance` is sent; null for never.
    @Nullable public var lowBalanceMicros: Int64?
    /// True while a payment is disputed: new batches are refused.
    public var suspended: Bool
    /// The grants, in the order in which they are drawn.
    public var lots: [LotBody]

    /// The body from its members, in the order of the fields.
    public init(
        availableMicros: Int64, heldMicros: Int64, totalMicros: Int64, lowBalanceMicros: Int64? = nil,
        suspended: Bool = false, lots: [LotBody]
    ) {
        object = "wallet"
        self.availableMicros = availableMicros
        self.heldMicros = heldMicros
        self.totalMicros = totalMicros
        self.lowBalanceMicros = lowBalanceMicros
        self.suspended = suspended
        self.lots = lots
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case availableMicros = "available_micros"
        case heldMicros = "held_micros"
        case totalMicros = "total_micros"
        case lowBalanceMicros = "low_balance_micros"
        case suspended
        case lots
    }
}

/// One grant of credits.
public struct LotBody: Codable, Sendable, Equatable {
    /// Always `lot`.
    public var object: String
    /// Identifier, `lot_...`.
    public var id: String
    /// `package`, `topup`, `promo`, `sla_credit`, `adjustment` or `credit_line`.
    public var kind: String
    /// Cash paid, in micro-US-dollars.
    public var paidMicros: Int64
    /// Credits granted, at list price.
    public var faceMicros: Int64
    /// Free to use.
    public var availableMicros: Int64
    /// Frozen.
    public var heldMicros: Int64
    /// Charged for delivered videos.
    public var chargedMicros: Int64
    /// Gone at its date.
    public var expiredMicros: Int64
    /// Taken out by corrections.
    public var correctedMicros: Int64
    /// Paid back.
    public var refundedMicros: Int64
    /// When the rest expires; null for never. RFC 3339 with milliseconds.
    @Nullable public var expiresAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, kind: String, paidMicros: Int64, faceMicros: Int64, availableMicros: Int64,
        heldMicros: Int64, chargedMicros: Int64 = 0, expiredMicros: Int64 = 0, correctedMicros: Int64 = 0,
        refundedMicros: Int64 = 0, expiresAt: String?
    ) {
        object = "lot"
        self.id = id
        self.kind = kind
        self.paidMicros = paidMicros
        self.faceMicros = faceMicros
        self.availableMicros = availableMicros
        self.heldMicros = heldMicros
        self.chargedMicros = chargedMicros
        self.expiredMicros = expiredMicros
        self.correctedMicros = correctedMicros
        self.refundedMicros = refundedMicros
        self.expiresAt = expiresAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case kind
        case paidMicros = "paid_micros"
        case faceMicros = "face_micros"
        case availableMicros = "available_micros"
        case heldMicros = "held_micros"
        case chargedMicros = "charged_micros"
        case expiredMicros = "expired_micros"
        case correctedMicros = "corrected_micros"
        case refundedMicros = "refunded_micros"
        case expiresAt = "expires_at"
    }
}
