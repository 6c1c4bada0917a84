/// An error answer: RFC 9457 with the members that OpenAI- and Stripe-style clients read.
public struct ProblemBody: Codable, Sendable, Equatable {
    /// A stable URI of the kind of problem.
    public var type: String
    /// A short sentence, the same for every occurrence.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What happened here.
    public var detail: String
    /// A stable code in snake_case.
    public var code: String
    /// The `Request-Id` of this answer.
    public var requestID: String
    /// What is wrong with the input, when that is the problem.
    public var errors: [IssueBody]?
    /// How many errors there are in all; `errors` lists at most 1,000.
    public var errorsTotal: Int?
    /// What the wallet lacks, for `insufficient_credits`.
    public var shortMicros: Int64?
    /// The same for clients of other styles.
    public var error: ErrorBody

    /// The body from its members, in the order of the fields.
    public init(
        type: String, title: String, status: Int, detail: String, code: String, requestID: String,
        errors: [IssueBody]? = nil, errorsTotal: Int? = nil, shortMicros: Int64? = nil, error: ErrorBody
    ) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.code = code
        self.requestID = requestID
        self.errors = errors
        self.errorsTotal = errorsTotal
        self.shortMicros = shortMicros
        self.error = error
    }

    private enum CodingKeys: String, CodingKey {
        case type
        case title
        case status
        case detail
        case code
        case requestID = "request_id"
        case errors
        case errorsTotal = "errors_total"
        case shortMicros = "short_micros"
        case error
    }
}

/// An error in the style of OpenAI and Stripe.
public struct ErrorBody: Codable, Sendable, Equatable {
    /// The class of error.
    public var type: String
    /// The code of the problem.
    public var code: String
    /// The detail of the problem.
    public var message: String
    /// The first member that is wrong.
    @Nullable public var param: String?

    /// The body from its members, in the order of the fields.
    public init(type: String, code: String, message: String, param: String?) {
        self.type = type
        self.code = code
        self.message = message
        self.param = param
    }

    private enum CodingKeys: String, CodingKey {
        case type
        case code
        case message
        case param
    }
}

/// One thing that is wrong with an input.
public struct IssueBody: Codable, Sendable, Equatable {
    /// JSON pointer of the member.
    public var pointer: String?
    /// The query parameter.
    public var parameter: String?
    /// The sheet's row; the header is row 1.
    public var row: Int?
    /// The sheet's column.
    public var column: String?
    /// A stable code in snake_case.
    public var code: String
    /// What is wrong and what is allowed.
    public var detail: String

    /// The body from its members, in the order of the fields.
    public init(
        pointer: String? = nil, parameter: String? = nil, row: Int? = nil, column: String? = nil,
        code: String, detail: String
    ) {
        self.pointer = pointer
        self.parameter = parameter
        self.row = row
        self.column = column
        self.code = code
        self.detail = detail
    }

    private enum CodingKeys: String, CodingKey {
        case pointer
        case parameter
        case row
        case column
        case code
        case detail
    }
}
