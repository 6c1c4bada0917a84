/// Records that a bank asks whether a payment stands.
public struct DisputeRequest: Codable, Sendable, Equatable {
    /// The bank's reference; the same one never opens two.
    public var reference: String
    /// What the bank asks for in micro-US-dollars, with its tax; null for everything that is kept of the payment.
    public var amountMicros: Int64?
    /// Why.
    public var reason: String
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        reference: String, amountMicros: Int64? = nil, reason: String, by: String
    ) {
        self.reference = reference
        self.amountMicros = amountMicros
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case reference
        case amountMicros = "amount_micros"
        case reason
        case by
    }
}

/// A bank's question whether a payment stands.
public struct DisputeBody: Codable, Sendable, Equatable {
    /// Always `dispute`.
    public var object: String
    /// Identifier, `dsp_...`.
    public var id: String
    /// Whose wallet.
    public var organizationID: String
    /// The purchase whose payment is disputed.
    public var purchaseID: String
    /// `open`, `won`, `lost` or `charged_back`.
    public var status: String
    /// What the bank asks for in micro-US-dollars, with its tax; null for everything that is kept of the payment.
    @Nullable public var amountMicros: Int64?
    /// The bank's reference.
    public var reference: String
    /// Why.
    public var reason: String
    /// Who recorded it.
    public var openedBy: String
    /// When; RFC 3339 with milliseconds.
    public var openedAt: String
    /// Who recorded the decision; null until then.
    @Nullable public var decidedBy: String?
    /// When it was decided; null until then. RFC 3339 with milliseconds.
    @Nullable public var decidedAt: String?
    /// The cash that the bank took and no credits were taken back for, in micro-US-dollars.
    public var lossMicros: Int64
    /// When the wallet could freeze again; null until then. RFC 3339 with milliseconds.
    @Nullable public var closedAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, organizationID: String, purchaseID: String, status: String, amountMicros: Int64?, reference: String,
        reason: String, openedBy: String, openedAt: String, decidedBy: String?, decidedAt: String?, lossMicros: Int64,
        closedAt: String?
    ) {
        object = "dispute"
        self.id = id
        self.organizationID = organizationID
        self.purchaseID = purchaseID
        self.status = status
        self.amountMicros = amountMicros
        self.reference = reference
        self.reason = reason
        self.openedBy = openedBy
        self.openedAt = openedAt
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.lossMicros = lossMicros
        self.closedAt = closedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case organizationID = "organization_id"
        case purchaseID = "purchase_id"
        case status
        case amountMicros = "amount_micros"
        case reference
        case reason
        case openedBy = "opened_by"
        case openedAt = "opened_at"
        case decidedBy = "decided_by"
        case decidedAt = "decided_at"
        case lossMicros = "loss_micros"
        case closedAt = "closed_at"
    }
}
