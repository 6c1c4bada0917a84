/// Gives back what a month's missed promises owe.
public struct ServiceCreditRequest: Codable, Sendable, Equatable {
    /// A month that is over, `2026-10`.
    public var month: String
    /// One organization; nil for all.
    public var organizationID: String?
    /// Which operator.
    public var by: String

    /// The body from its members, in the order of the fields.
    public init(month: String, organizationID: String? = nil, by: String) {
        self.month = month
        self.organizationID = organizationID
        self.by = by
    }

    private enum CodingKeys: String, CodingKey {
        case month
        case organizationID = "organization_id"
        case by
    }
}

/// What a month's missed promises owe, and what was given back.
public struct ServiceCreditReport: Codable, Sendable, Equatable {
    /// Always `service_credit_report`.
    public var object: String
    /// The month in UTC, `2026-10`.
    public var month: String
    /// What all lines owe together, in micro-credits, given back or not.
    public var totalMicros: Int64
    /// Of that, what was given back.
    public var grantedMicros: Int64
    /// By organization and model.
    public var lines: [ServiceCreditLineBody]

    /// The body from its members, in the order of the fields.
    public init(month: String, totalMicros: Int64, grantedMicros: Int64, lines: [ServiceCreditLineBody]) {
        object = "service_credit_report"
        self.month = month
        self.totalMicros = totalMicros
        self.grantedMicros = grantedMicros
        self.lines = lines
    }

    private enum CodingKeys: String, CodingKey {
        case object, month, lines
        case totalMicros = "total_micros"
        case grantedMicros = "granted_micros"
    }
}

/// One organization's month with one model.
public struct ServiceCreditLineBody: Codable, Sendable, Equatable {
    /// Whose tasks.
    public var organizationID: String
    /// The model.
    public var model: String
    /// Videos that were delivered in the month.
    public var delivered: Int
    /// Those that came within the time promised at their freeze.
    public var withinTarget: Int
    /// Tasks that were not ready at their deadline and were refunded.
    public var timedOut: Int
    /// Millionths of delivered and timed out tasks that came in time; null without any.
    @Nullable public var withinTargetPPM: Int?
    /// What the delivered videos cost, in micro-credits.
    public var chargedMicros: Int64
    /// The step that counts: below so many ten thousandths in time; null when the promise was kept or none was made.
    @Nullable public var belowBasisPoints: Int?
    /// Ten thousandths of what was charged that come back; null likewise.
    @Nullable public var creditBasisPoints: Int?
    /// What comes back, in micro-credits.
    public var creditMicros: Int64
    /// The gift that gave it back, `grt_...`; null as long as there is none.
    @Nullable public var grantID: String?

    /// The body from its members, in the order of the fields.
    public init(
        organizationID: String, model: String, delivered: Int, withinTarget: Int, timedOut: Int, withinTargetPPM: Int?,
        chargedMicros: Int64, belowBasisPoints: Int?, creditBasisPoints: Int?, creditMicros: Int64, grantID: String?
    ) {
        self.organizationID = organizationID
        self.model = model
        self.delivered = delivered
        self.withinTarget = withinTarget
        self.timedOut = timedOut
        self.withinTargetPPM = withinTargetPPM
        self.chargedMicros = chargedMicros
        self.belowBasisPoints = belowBasisPoints
        self.creditBasisPoints = creditBasisPoints
        self.creditMicros = creditMicros
        self.grantID = grantID
    }

    private enum CodingKeys: String, CodingKey {
        case model, delivered
        case organizationID = "organization_id"
        case withinTarget = "within_target"
        case timedOut = "timed_out"
        case withinTargetPPM = "within_target_ppm"
        case chargedMicros = "charged_micros"
        case belowBasisPoints = "below_basis_points"
        case creditBasisPoints = "credit_basis_points"
        case creditMicros = "credit_micros"
        case grantID = "grant_id"
    }
}
