/// What was earned and what it cost.
public struct MarginReportBody: Codable, Sendable, Equatable {
    /// Always `margin_report`.
    public var object: String
    /// The first day, such as `2026-11-01`, in UTC.
    public var from: String
    /// The last day.
    public var to: String
    /// All lines together.
    public var total: MarginBody
    /// What bills imported in these days take for jobs that nobody owns here; in no line and not in the total.
    public var unmatchedCostMicros: Int64
    /// By day, organization and model, in this order.
    public var lines: [MarginLineBody]

    /// The body from its members, in the order of the fields.
    public init(
        from: String, to: String, total: MarginBody, unmatchedCostMicros: Int64 = 0, lines: [MarginLineBody]
    ) {
        object = "margin_report"
        self.from = from
        self.to = to
        self.total = total
        self.unmatchedCostMicros = unmatchedCostMicros
        self.lines = lines
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case from
        case to
        case total
        case unmatchedCostMicros = "unmatched_cost_micros"
        case lines
    }
}

/// Earnings and cost of one model for one organization on one day.
public struct MarginLineBody: Codable, Sendable, Equatable {
    /// The day, in UTC.
    public var day: String
    /// Whose work.
    public var organizationID: String
    /// The model that customers name; empty for what belongs to none, such as a lost payment.
    public var model: String
    /// The figures.
    public var margin: MarginBody

    /// The body from its members, in the order of the fields.
    public init(
        day: String, organizationID: String, model: String, margin: MarginBody
    ) {
        self.day = day
        self.organizationID = organizationID
        self.model = model
        self.margin = margin
    }

    private enum CodingKeys: String, CodingKey {
        case day
        case organizationID = "organization_id"
        case model
        case margin
    }
}

/// Earnings and cost.
public struct MarginBody: Codable, Sendable, Equatable {
    /// Cash earned by charged videos, in micro-US-dollars, on the day of its posting.
    public var revenueMicros: Int64
    /// What the attempts cost at the provider, as far as it is known, on the day of their dispatch.
    public var costMicros: Int64
    /// Of that, what tasks cost that were refunded.
    public var refundedCostMicros: Int64
    /// Of that, what the provider made after the refund.
    public var leakedCostMicros: Int64
    /// Of that, what the providers' bills say; the rest is list price.
    public var billedCostMicros: Int64
    /// Cash that banks took back and no credits were taken back for, on the day on which it was booked out.
    public var disputeLossMicros: Int64
    /// Revenue less cost and less what disputes have lost.
    public var marginMicros: Int64
    /// Attempts dispatched.
    public var attempts: Int
    /// Attempts whose cost is not known.
    public var unknownAttempts: Int

    /// The body from its members, in the order of the fields.
    public init(
        revenueMicros: Int64, costMicros: Int64, refundedCostMicros: Int64, leakedCostMicros: Int64,
        billedCostMicros: Int64 = 0, disputeLossMicros: Int64 = 0, marginMicros: Int64, attempts: Int,
        unknownAttempts: Int
    ) {
        self.revenueMicros = revenueMicros
        self.costMicros = costMicros
        self.refundedCostMicros = refundedCostMicros
        self.leakedCostMicros = leakedCostMicros
        self.billedCostMicros = billedCostMicros
        self.disputeLossMicros = disputeLossMicros
        self.marginMicros = marginMicros
        self.attempts = attempts
        self.unknownAttempts = unknownAttempts
    }

    private enum CodingKeys: String, CodingKey {
        case revenueMicros = "revenue_micros"
        case costMicros = "cost_micros"
        case refundedCostMicros = "refunded_cost_micros"
        case leakedCostMicros = "leaked_cost_micros"
        case billedCostMicros = "billed_cost_micros"
        case disputeLossMicros = "dispute_loss_micros"
        case marginMicros = "margin_micros"
        case attempts
        case unknownAttempts = "unknown_attempts"
    }
}
