/// What happened to an organization's credits in one month of UTC: opening + movements = closing.
public struct StatementBody: Codable, Sendable, Equatable {
    /// Always `statement`.
    public var object: String
    /// Whose credits they are.
    public var organizationID: String
    /// The month in UTC, `2026-11`.
    public var month: String
    /// True when nothing can be posted in it any more; then it is the same, byte by byte, for ever.
    public var closed: Bool
    /// Credits before the month.
    public var opening: StatementBalanceBody
    /// What moved.
    public var movements: StatementMovementsBody
    /// What was frozen and came back: moves within the wallet, shown apart.
    public var holds: StatementHoldsBody
    /// Credits after the last transaction of the month.
    public var closing: StatementBalanceBody
    /// The number of the month's first ledger transaction; null for none.
    @Nullable public var firstSeq: Int64?
    /// The number of the last ledger transaction at the month's end.
    public var lastSeq: Int64
    /// The hash before the month's first transaction.
    public var openingHead: String
    /// The hash at the month's end.
    public var chainHead: String
    /// Lots that moved in the month or have credits at its end, in the order of their grants.
    public var lots: [LotStandingBody]

    /// The body from its members, in the order of the fields.
    public init(
        organizationID: String, month: String, closed: Bool, opening: StatementBalanceBody,
        movements: StatementMovementsBody, holds: StatementHoldsBody, closing: StatementBalanceBody, firstSeq: Int64?,
        lastSeq: Int64, openingHead: String, chainHead: String, lots: [LotStandingBody]
    ) {
        object = "statement"
        self.organizationID = organizationID
        self.month = month
        self.closed = closed
        self.opening = opening
        self.movements = movements
        self.holds = holds
        self.closing = closing
        self.firstSeq = firstSeq
        self.lastSeq = lastSeq
        self.openingHead = openingHead
        self.chainHead = chainHead
        self.lots = lots
    }

    private enum CodingKeys: String, CodingKey {
        case object, month, closed, opening, movements, holds, closing, lots
        case organizationID = "organization_id"
        case firstSeq = "first_seq"
        case lastSeq = "last_seq"
        case openingHead = "opening_head"
        case chainHead = "chain_head"
    }
}

/// A wallet's credits at one end of a month.
public struct StatementBalanceBody: Codable, Sendable, Equatable {
    /// Free to use.
    public var availableMicros: Int64
    /// Frozen for running batches.
    public var heldMicros: Int64
    /// available + held.
    public var totalMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(availableMicros: Int64, heldMicros: Int64, totalMicros: Int64) {
        self.availableMicros = availableMicros
        self.heldMicros = heldMicros
        self.totalMicros = totalMicros
    }

    private enum CodingKeys: String, CodingKey {
        case availableMicros = "available_micros"
        case heldMicros = "held_micros"
        case totalMicros = "total_micros"
    }
}

/// What changed a wallet's total in a month.
public struct StatementMovementsBody: Codable, Sendable, Equatable {
    /// Bought.
    public var boughtMicros: Int64
    /// Cash paid for it, in micro-US-dollars.
    public var paidMicros: Int64
    /// Given away.
    public var grantedMicros: Int64
    /// Corrections, with their sign.
    public var adjustedMicros: Int64
    /// Charged for delivered videos.
    public var capturedMicros: Int64
    /// The same by model, in the order of their names.
    public var captured: [StatementModelBody]
    /// Ran out.
    public var expiredMicros: Int64
    /// Taken back against cash.
    public var revokedMicros: Int64
    /// Cash paid back for it, in micro-US-dollars.
    public var refundedMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(
        boughtMicros: Int64, paidMicros: Int64, grantedMicros: Int64, adjustedMicros: Int64, capturedMicros: Int64,
        captured: [StatementModelBody], expiredMicros: Int64, revokedMicros: Int64, refundedMicros: Int64
    ) {
        self.boughtMicros = boughtMicros
        self.paidMicros = paidMicros
        self.grantedMicros = grantedMicros
        self.adjustedMicros = adjustedMicros
        self.capturedMicros = capturedMicros
        self.captured = captured
        self.expiredMicros = expiredMicros
        self.revokedMicros = revokedMicros
        self.refundedMicros = refundedMicros
    }

    private enum CodingKeys: String, CodingKey {
        case captured
        case boughtMicros = "bought_micros"
        case paidMicros = "paid_micros"
        case grantedMicros = "granted_micros"
        case adjustedMicros = "adjusted_micros"
        case capturedMicros = "captured_micros"
        case expiredMicros = "expired_micros"
        case revokedMicros = "revoked_micros"
        case refundedMicros = "refunded_micros"
    }
}

/// What a model's videos cost in a month.
public struct StatementModelBody: Codable, Sendable, Equatable {
    /// The model.
    public var model: String
    /// Charged.
    public var capturedMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(model: String, capturedMicros: Int64) {
        self.model = model
        self.capturedMicros = capturedMicros
    }

    private enum CodingKeys: String, CodingKey {
        case model
        case capturedMicros = "captured_micros"
    }
}

/// What was frozen in a month and what came back.
public struct StatementHoldsBody: Codable, Sendable, Equatable {
    /// Frozen for new batches.
    public var openedMicros: Int64
    /// Given back for videos that were not delivered.
    public var releasedMicros: Int64

    /// The body from its members, in the order of the fields.
    public init(openedMicros: Int64, releasedMicros: Int64) {
        self.openedMicros = openedMicros
        self.releasedMicros = releasedMicros
    }

    private enum CodingKeys: String, CodingKey {
        case openedMicros = "opened_micros"
        case releasedMicros = "released_micros"
    }
}

/// A month for which there is a statement.
public struct StatementMonthBody: Codable, Sendable, Equatable {
    /// Always `statement_month`.
    public var object: String
    /// The month in UTC, `2026-11`.
    public var month: String
    /// True when nothing can be posted in it any more.
    public var closed: Bool

    /// The body from its members, in the order of the fields.
    public init(month: String, closed: Bool) {
        object = "statement_month"
        self.month = month
        self.closed = closed
    }
}
