/// A purchase.
public struct PurchaseBody: Codable, Sendable, Equatable {
    /// Always `purchase`.
    public var object: String
    /// Identifier, `pur_...`.
    public var id: String
    /// Who gets the credits.
    public var organizationID: String
    /// The customer's key of idempotency; null for what an operator entered.
    @Nullable public var requestID: String?
    /// The package; null for a top-up.
    @Nullable public var `package`: String?
    /// `pending`, `granted`, `cancelled` or `refunded`.
    public var status: String
    /// What is paid before tax, in micro-US-dollars; fixed when the purchase was opened.
    public var paidMicros: Int64
    /// The tax on top: at the organization's rate now while it is pending, then as invoiced; null when it was
    /// cancelled, or granted before there were invoices.
    @Nullable public var taxMicros: Int64?
    /// The rate of the tax, in hundredths of a percent; null like the tax.
    @Nullable public var taxRateBasisPoints: Int?
    /// What is to be paid, or was, tax included; null like the tax.
    @Nullable public var totalMicros: Int64?
    /// Credits granted for it, at list price.
    public var faceMicros: Int64
    /// The lot; null until it is granted.
    @Nullable public var lotID: String?
    /// The payment reference; null until it is granted.
    @Nullable public var reference: String?
    /// What was paid back; null when nothing was.
    @Nullable public var refund: PurchaseRefundBody?
    /// When it was opened; RFC 3339 with milliseconds.
    public var createdAt: String
    /// When it was granted; null until then. RFC 3339 with milliseconds.
    @Nullable public var grantedAt: String?

    /// The body from its members, in the order of the fields.
    public init(
        id: String, organizationID: String, requestID: String?, `package`: String?, status: String, paidMicros: Int64,
        taxMicros: Int64?, taxRateBasisPoints: Int?, totalMicros: Int64?, faceMicros: Int64, lotID: String?,
        reference: String?, refund: PurchaseRefundBody?, createdAt: String, grantedAt: String?
    ) {
        object = "purchase"
        self.id = id
        self.organizationID = organizationID
        self.requestID = requestID
        self.package = `package`
        self.status = status
        self.paidMicros = paidMicros
        self.taxMicros = taxMicros
        self.taxRateBasisPoints = taxRateBasisPoints
        self.totalMicros = totalMicros
        self.faceMicros = faceMicros
        self.lotID = lotID
        self.reference = reference
        self.refund = refund
        self.createdAt = createdAt
        self.grantedAt = grantedAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case organizationID = "organization_id"
        case requestID = "request_id"
        case `package`
        case status
        case paidMicros = "paid_micros"
        case taxMicros = "tax_micros"
        case taxRateBasisPoints = "tax_rate_basis_points"
        case totalMicros = "total_micros"
        case faceMicros = "face_micros"
        case lotID = "lot_id"
        case reference
        case refund
        case createdAt = "created_at"
        case grantedAt = "granted_at"
    }
}

/// What was paid back of a purchase.
public struct PurchaseRefundBody: Codable, Sendable, Equatable {
    /// Credits that were left and were taken back.
    public var creditsMicros: Int64
    /// Cash paid back, in micro-US-dollars.
    public var cashMicros: Int64
    /// Tax paid back on top of it, in micro-US-dollars.
    public var taxMicros: Int64
    /// The reference of the payment back.
    public var reference: String
    /// Why.
    public var reason: String
    /// When; RFC 3339 with milliseconds.
    public var createdAt: String

    /// The body from its members, in the order of the fields.
    public init(
        creditsMicros: Int64, cashMicros: Int64, taxMicros: Int64, reference: String, reason: String, createdAt: String
    ) {
        self.creditsMicros = creditsMicros
        self.cashMicros = cashMicros
        self.taxMicros = taxMicros
        self.reference = reference
        self.reason = reason
        self.createdAt = createdAt
    }

    private enum CodingKeys: String, CodingKey {
        case creditsMicros = "credits_micros"
        case cashMicros = "cash_micros"
        case taxMicros = "tax_micros"
        case reference
        case reason
        case createdAt = "created_at"
    }
}

/// Opens a purchase that waits for its payment. Give either `package` or `topup_micros`.
public struct PurchaseOpeningRequest: Codable, Sendable, Equatable {
    /// The key of idempotency: the same one never opens two.
    public var requestID: String
    /// A package of `GET /v1/packages`, such as `pack_2000`.
    public var `package`: String?
    /// A top-up at par, in micro-credits.
    public var topupMicros: Int64?

    /// The body from its members, in the order of the fields.
    public init(
        requestID: String, `package`: String? = nil, topupMicros: Int64? = nil
    ) {
        self.requestID = requestID
        self.package = `package`
        self.topupMicros = topupMicros
    }

    private enum CodingKeys: String, CodingKey {
        case requestID = "request_id"
        case `package`
        case topupMicros = "topup_micros"
    }
}

/// A prepaid package on offer.
public struct PackageOfferBody: Codable, Sendable, Equatable {
    /// Always `package`.
    public var object: String
    /// The name to buy it by, such as `pack_2000`.
    public var id: String
    /// What is paid, in micro-US-dollars.
    public var paidMicros: Int64
    /// Credits granted for it, at list price.
    public var faceMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(
        id: String, paidMicros: Int64, faceMicros: Int64
    ) {
        object = "package"
        self.id = id
        self.paidMicros = paidMicros
        self.faceMicros = faceMicros
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case id
        case paidMicros = "paid_micros"
        case faceMicros = "face_micros"
    }
}

/// The mark below which the owner of a wallet is told by the event `wallet.low_balance`.
public struct WalletAlert: Codable, Sendable, Equatable {
    /// The mark, in micro-credits; null for never.
    public var lowBalanceMicros: Int64?

    /// The body from its members, in the order of the fields.
    public init(
        lowBalanceMicros: Int64? = nil
    ) {
        self.lowBalanceMicros = lowBalanceMicros
    }

    private enum CodingKeys: String, CodingKey {
        case lowBalanceMicros = "low_balance_micros"
    }
}
