/// Confirms the payment of a purchase.
public struct PaymentReference: Codable, Sendable, Equatable {
    /// The payment reference; the same one never grants twice.
    public var reference: String

    /// The body from its members, in the order of the fields.
    public init(
        reference: String
    ) {
        self.reference = reference
    }

    private enum CodingKeys: String, CodingKey {
        case reference
    }
}

/// Pays back what is left of a purchase.
public struct RefundRequest: Codable, Sendable, Equatable {
    /// The reference of the payment back.
    public var reference: String
    /// Why.
    public var reason: String
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        reference: String, reason: String, by: String
    ) {
        self.reference = reference
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case reference
        case reason
        case by
    }
}

/// Gives credits away.
public struct GrantRequest: Codable, Sendable, Equatable {
    /// Who gets them.
    public var organizationID: String
    /// `promo` or `sla_credit`.
    public var kind: String
    /// How many, in micro-credits.
    public var faceMicros: Int64
    /// When what is left of them goes; RFC 3339, nil for never.
    public var expiresAt: String?
    /// What the gift is unique by for ever.
    public var reference: String
    /// Why.
    public var reason: String
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        organizationID: String, kind: String, faceMicros: Int64, expiresAt: String? = nil, reference: String,
        reason: String, by: String
    ) {
        self.organizationID = organizationID
        self.kind = kind
        self.faceMicros = faceMicros
        self.expiresAt = expiresAt
        self.reference = reference
        self.reason = reason
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case organizationID = "organization_id"
        case kind
        case faceMicros = "face_micros"
        case expiresAt = "expires_at"
        case reference
        case reason
        case by
    }
}

/// Credits that were given away.
public struct GrantBody: Codable, Sendable, Equatable {
    /// Always `grant`.
    public var object: String
    /// Identifier, `grt_...`.
    public var id: String
    /// Who got them.
    public var organizationID: String
    /// `promo` or `sla_credit`.
    public var kind: String
    /// How many, in micro-credits.
    public var faceMicros: Int64
    /// When what is left of them goes; null for never. RFC 3339 with milliseconds.
    @Nullable public var expiresAt: String?
    /// The lot.
    public var lotID: String
    /// What the gift is unique by for ever.
    public var reference: String
    /// Why.
    public var reason: String
    /// Which operator.
    public var by: String
    /// When; RFC 3339 with milliseconds.
    public var createdAt: String

    /// The body from its members, in the order of the fields.
    public init(
        id: String, organizationID: String, kind: String, faceMicros: Int64, expiresAt: String?, lotID: String,
        reference: String, reason: String, by: String, createdAt: String
    ) {
        object = "grant"
        self.id = id
        self.organizationID = organizationID
        self.kind = kind
        self.faceMicros = faceMicros
        self.expiresAt = expiresAt
        self.lotID = lotID
        self.reference = reference
        self.reason = reason
        self.by = by
        self.createdAt = createdAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case organizationID = "organization_id"
        case kind
        case faceMicros = "face_micros"
        case expiresAt = "expires_at"
        case lotID = "lot_id"
        case reference
        case reason
        case by
        case createdAt = "created_at"
    }
}

/// Asks for a correction of a wallet, which another operator has to approve.
public struct AdjustmentRequest: Codable, Sendable, Equatable {
    /// Whose wallet.
    public var organizationID: String
    /// Micro-credits: above zero they are given, below zero taken.
    public var amountMicros: Int64
    /// Why.
    public var reason: String
    /// Where it was asked for.
    public var ticket: String
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        organizationID: String, amountMicros: Int64, reason: String, ticket: String, by: String
    ) {
        self.organizationID = organizationID
        self.amountMicros = amountMicros
        self.reason = reason
        self.ticket = ticket
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case organizationID = "organization_id"
        case amountMicros = "amount_micros"
        case reason
        case ticket
        case by
    }
}

/// Decides on a correction, or records a bank's decision on a dispute.
public struct DecisionRequest: Codable, Sendable, Equatable {
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(
        by: String
    ) {
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case by
    }
}

/// A correction of a wallet.
public struct AdjustmentBody: Codable, Sendable, Equatable {
    /// Always `adjustment`.
    public var object: String
    /// Identifier, `adj_...`.
    public var id: String
    /// Whose wallet.
    public var organizationID: String
    /// `proposed`, `approved` or `rejected`.
    public var status: String
    /// Micro-credits: above zero they are given, below zero taken.
    public var amountMicros: Int64
    /// Why.
    public var reason: String
    /// Where it was asked for.
    public var ticket: String
    /// Who asked for it.
    public var proposedBy: String
    /// When; RFC 3339 with milliseconds.
    public var proposedAt: String
    /// Who decided; null until then.
    @Nullable public var decidedBy: String?
    /// When it was decided; null until then. RFC 3339 with milliseconds.
    @Nullable public var decidedAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, organizationID: String, status: String, amountMicros: Int64, reason: String, ticket: String,
        proposedBy: String, proposedAt: String, decidedBy: String?, decidedAt: String?
    ) {
        object = "adjustment"
        self.id = id
        self.organizationID = organizationID
        self.status = status
        self.amountMicros = amountMicros
        self.reason = reason
        self.ticket = ticket
        self.proposedBy = proposedBy
        self.proposedAt = proposedAt
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case organizationID = "organization_id"
        case status
        case amountMicros = "amount_micros"
        case reason
        case ticket
        case proposedBy = "proposed_by"
        case proposedAt = "proposed_at"
        case decidedBy = "decided_by"
        case decidedAt = "decided_at"
    }
}
