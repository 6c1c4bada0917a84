import HTTPTypes

/// A fault that an operator of the sandbox ordered for the calls to come, by `POST /_sandbox/faults`.
struct PlannedFault: Codable, Sendable {
    /// The calls that it meets.
    let call: Call
    /// What happens to them.
    let kind: Kind
    /// Only calls in this dialect; nil for all.
    var dialect: VideoJob.Surface?
    /// Ends after so many calls; nil for never.
    var count: Int?
    /// Ends after so many seconds; nil for never.
    var seconds: Double?
    /// Meets every n-th call only, beginning with the first; nil for all.
    var every: Int?
    /// Creates that still go through in a minute, for `limited`.
    var createsPerMinute: Int?
    /// What is answered, for `raw`.
    var status: Int?
    var body: String?
    var headers: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case call, kind, dialect, count, seconds, every, status, body, headers
        case createsPerMinute = "creates_per_minute"
    }

    /// What a caller can ask for.
    enum Call: String, Codable, Sendable {
        case create, poll, list, content, token
    }

    enum Kind: String, Codable, Sendable {
        case rateLimited = "rate_limited"
        case spendLimit = "spend_limit"
        case unauthorized, forbidden, unavailable
        case serverError = "server_error"
        case retired, moderated, invalid
        /// The connection is closed and nothing is done.
        case drop
        /// What was asked is done and the connection is closed without an answer.
        case dropAnswer = "drop_answer"
        /// Nobody answers, until the caller gives up.
        case hang
        /// Creates above a number in a minute are refused.
        case limited
        /// This status, body and headers.
        case raw
    }

    /// What is wrong with an order; nil when it can be carried out.
    var defect: String? {
        switch kind {
        case .limited: call == .create && (createsPerMinute ?? -1) >= 0 ? nil : "limited: creates_per_minute"
        case .raw: (100...599).contains(status ?? 0) ? nil : "raw: status"
        case .rateLimited, .spendLimit, .unauthorized, .forbidden, .unavailable, .serverError, .retired, .moderated,
            .invalid, .drop, .dropAnswer, .hang:
            (count ?? 1) > 0 && (every ?? 1) > 0 ? nil : "count and every are above zero"
        }
    }
}

extension PlannedFault.Kind {
    /// The refusal in a dialect; nil for what is no refusal.
    func refusal(_ surface: VideoJob.Surface, model: String = "this model") -> (any SandboxRefusal)? {
        switch surface {
        case .openAI: openAIRefusal(model)
        case .gemini, .vertex: googleRefusal(model)
        }
    }

    private func openAIRefusal(_ model: String) -> OpenAIError? {
        switch self {
        case .rateLimited, .limited: OpenAIError.rateLimited
        case .spendLimit:
            OpenAIError(
                status: .tooManyRequests, type: "insufficient_quota", code: "project_spend_limit_exceeded", param: nil,
                message: "The project has reached its spend limit.")
        case .unauthorized: OpenAIError.wrongKey
        case .forbidden:
            OpenAIError(
                status: .forbidden, type: "invalid_request_error", code: nil, param: nil,
                message: "The organization must be verified.")
        case .unavailable:
            OpenAIError(
                status: .serviceUnavailable, type: "service_unavailable_error", code: "server_is_overloaded",
                param: nil, message: "The server is overloaded. Please try again later.")
        case .serverError: OpenAIError.server("The server had an error while processing your request.")
        case .retired: OpenAIError.unknownModel(model)
        case .moderated:
            OpenAIError(
                status: .badRequest, type: "invalid_request_error", code: "sentinel_block", param: nil,
                message: "Something didn't look right about this request.")
        case .invalid: OpenAIError.invalidValue("prompt", "the sandbox was told to refuse it.")
        case .drop, .dropAnswer, .hang, .raw: nil
        }
    }

    private func googleRefusal(_ model: String) -> GoogleRefusal? {
        switch self {
        case .rateLimited, .limited: GoogleRefusal.rateLimited
        case .spendLimit:
            GoogleRefusal(
                status: .tooManyRequests, name: "RESOURCE_EXHAUSTED",
                message: "The project has reached its monthly spend limit.")
        case .unauthorized: GoogleRefusal.wrongToken
        case .forbidden:
            GoogleRefusal(
                status: .forbidden, name: "PERMISSION_DENIED", message: "The API is disabled.",
                reason: "SERVICE_DISABLED")
        case .unavailable:
            GoogleRefusal(status: .serviceUnavailable, name: "UNAVAILABLE", message: "The service is overloaded.")
        case .serverError: GoogleRefusal.server("Internal error encountered.")
        case .retired: GoogleRefusal.unknownModel(model)
        case .moderated:
            GoogleRefusal.invalid("The prompt may violate our usage guidelines. Support codes: 61493863")
        case .invalid: GoogleRefusal.invalid("The sandbox was told to refuse the prompt.")
        case .drop, .dropAnswer, .hang, .raw: nil
        }
    }
}
