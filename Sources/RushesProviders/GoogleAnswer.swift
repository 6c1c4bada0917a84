import NIOHTTP1
import RushesCore
import RushesEngine

/// The error body of Google's services: `{"error": {...}}`, at Vertex sometimes in an array, for tokens flat.
struct GoogleErrorBody: Decodable {
    let error: GoogleError

    private enum Key: String, CodingKey {
        case error
        case description = "error_description"
    }

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            self = try list.decode(GoogleErrorBody.self)
            return
        }
        let fields = try decoder.container(keyedBy: Key.self)
        if let word = try? fields.decode(String.self, forKey: .error) {
            error = GoogleError(code: word, message: try? fields.decode(String.self, forKey: .description))
        } else {
            error = try fields.decode(GoogleError.self, forKey: .error)
        }
    }
}

/// An error of a call or of an operation.
struct GoogleError: Decodable {
    /// Reasons and codes, the most telling first.
    let codes: [String]
    let message: String?
    /// `RetryInfo.retryDelay` in milliseconds.
    let retryDelayMilliseconds: Int64?

    init(code: String, message: String?) {
        codes = [code]
        self.message = message
        retryDelayMilliseconds = nil
    }

    private enum Key: String, CodingKey {
        case code, message, status, details
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let details = (try? fields.decode([Detail].self, forKey: .details)) ?? []
        var codes = details.compactMap(\.reason)
        if let status = try? fields.decode(String.self, forKey: .status) { codes.append(status) }
        if let word = try? fields.decode(String.self, forKey: .code) { codes.append(word) }
        // Below 100 it is a google.rpc.Code, above an HTTP status that is known already.
        if let number = try? fields.decode(Int.self, forKey: .code), let name = Self.names[number] {
            codes.append(name)
        }
        self.codes = codes + details.flatMap { $0.violations ?? [] }.compactMap(\.quotaID)
        message = try? fields.decode(String.self, forKey: .message)
        retryDelayMilliseconds = details.compactMap(\.retryDelay).first.flatMap { RetryAfter.milliseconds(delay: $0) }
    }

    private struct Detail: Decodable {
        let reason: String?
        let retryDelay: String?
        let violations: [Violation]?
    }

    private struct Violation: Decodable {
        let quotaID: String?

        private enum CodingKeys: String, CodingKey {
            case quotaID = "quotaId"
        }
    }

    /// google.rpc.Code.
    private static let names = [
        1: "CANCELLED", 2: "UNKNOWN", 3: "INVALID_ARGUMENT", 4: "DEADLINE_EXCEEDED", 5: "NOT_FOUND",
        6: "ALREADY_EXISTS", 7: "PERMISSION_DENIED", 8: "RESOURCE_EXHAUSTED", 9: "FAILED_PRECONDITION",
        10: "ABORTED", 11: "OUT_OF_RANGE", 12: "UNIMPLEMENTED", 13: "INTERNAL", 14: "UNAVAILABLE", 15: "DATA_LOSS",
        16: "UNAUTHENTICATED",
    ]

    /// What it means as the error of an accepted job.
    func generationFault(_ dialect: ProviderDialect) -> ProviderFault {
        let words = (message ?? "the operation failed without words").prefix(ProviderAnswer.messageCharactersMax)
        return ProviderRefusal(
            dialect, .generation, codes: codes, message: String(words), retryAfterMilliseconds: retryDelayMilliseconds
        ).fault
    }
}

extension ProviderAnswer {
    /// The refusal of a Google service that this answer is.
    func googleFault(_ dialect: ProviderDialect, on call: ProviderCall, now: Timestamp) -> ProviderFault {
        let error = decode(GoogleErrorBody.self)?.error
        let words = (error?.message ?? "HTTP \(status) without an error body").prefix(Self.messageCharactersMax)
        return ProviderRefusal(
            dialect, call, status: status, codes: error?.codes ?? [], message: String(words),
            retryAfterMilliseconds: retryAfter(now: now) ?? error?.retryDelayMilliseconds
        ).fault
    }

    /// What a read of a Google service told.
    ///
    /// - Throws: `ProviderError` when it was refused or cannot be read.
    func googleValue<Value: Decodable>(
        _ type: Value.Type, _ dialect: ProviderDialect, on call: ProviderCall, now: Timestamp
    ) throws(ProviderError) -> Value {
        guard status == 200 else { throw ProviderError(googleFault(dialect, on: call, now: now)) }
        guard let value = decode(type) else {
            throw ProviderError(ProviderFault(.unknown, message: "the answer to a read cannot be read"))
        }
        return value
    }

    /// What such an answer to a poll means when it is no 200.
    func googlePollOutcome(_ dialect: ProviderDialect, now: Timestamp) -> PollOutcome {
        let fault = googleFault(dialect, on: .job, now: now)
        return .unanswered(fault)
    }
}
