/// What the batches of an API key or of a project may cost in a day or a month, and what they have cost in this one.
public struct BudgetBody: Codable, Sendable, Equatable {
    /// Always `budget`.
    public var object: String
    /// The API key whose batches count, `key_...`; null for a project's budget.
    @Nullable public var apiKeyID: String?
    /// The label of the project whose batches count; null for a key's budget.
    @Nullable public var project: String?
    /// `day` or `month`, in UTC.
    public var period: String
    /// What they may cost; null when they are only counted.
    @Nullable public var limitMicros: Int64?
    /// What batches frozen since `starts_at` were frozen for, less what they have given back.
    public var usedMicros: Int64
    /// What is left; null without a limit.
    @Nullable public var leftMicros: Int64?
    /// When this day or month began; RFC 3339 with milliseconds.
    public var startsAt: String
    /// When the next one begins; RFC 3339 with milliseconds.
    public var endsAt: String

    /// The body from its members, in the order of the fields.
    public init(
        apiKeyID: String?, project: String?, period: String, limitMicros: Int64?, usedMicros: Int64,
        leftMicros: Int64?, startsAt: String, endsAt: String
    ) {
        object = "budget"
        self.apiKeyID = apiKeyID
        self.project = project
        self.period = period
        self.limitMicros = limitMicros
        self.usedMicros = usedMicros
        self.leftMicros = leftMicros
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    private enum CodingKeys: String, CodingKey {
        case object
        case apiKeyID = "api_key_id"
        case project
        case period
        case limitMicros = "limit_micros"
        case usedMicros = "used_micros"
        case leftMicros = "left_micros"
        case startsAt = "starts_at"
        case endsAt = "ends_at"
    }
}

/// Sets a budget: either `api_key_id` or `project` names it.
public struct BudgetRequest: Codable, Sendable, Equatable {
    /// The API key, `key_...`.
    public var apiKeyID: String?
    /// The label of the project.
    public var project: String?
    /// `day` or `month`.
    public var period: String
    /// What its batches may cost; nil takes the limit away.
    public var limitMicros: Int64?

    /// The body from its members, in the order of the fields.
    public init(apiKeyID: String?, project: String?, period: String, limitMicros: Int64?) {
        self.apiKeyID = apiKeyID
        self.project = project
        self.period = period
        self.limitMicros = limitMicros
    }

    private enum CodingKeys: String, CodingKey {
        case apiKeyID = "api_key_id"
        case project
        case period
        case limitMicros = "limit_micros"
    }
}

extension BudgetRequest {
    /// Reads the request that sets a budget.
    ///
    /// - Throws: `JSONDefect` or `IssueList`.
    package init(reading bytes: [UInt8]) throws {
        var members = try RequestMembers(bytes)
        self.init(
            apiKeyID: members.optionalString("api_key_id"), project: members.optionalString("project"),
            period: members.string("period"), limitMicros: members.optionalInteger("limit_micros"))
        try members.finish()
    }
}
