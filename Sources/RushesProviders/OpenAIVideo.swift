import RushesCore
import RushesEngine

/// The body of a create.
struct OpenAIVideoRequest: Encodable {
    let model: String
    let prompt: String
    /// A string in this dialect: a number is refused.
    let seconds: String
    let size: String

    init(_ submission: Submission) {
        model = submission.model
        prompt = submission.prompt
        seconds = String(submission.seconds)
        size = submission.size
    }
}

/// A job as the dialect's servers describe it. Gateways have other names for its members, and some wrap it in `data`.
struct OpenAIVideo: Decodable {
    /// Nil when it is missing or cannot be used; then the answer is worth nothing, but for its place in a listing.
    let id: String?
    let status: String?
    let createdAtSeconds: Int64?
    let model: String?
    let prompt: String?
    let seconds: Int?
    let size: String?
    let error: OpenAIError?

    /// The end of the year 9999: later times are no times.
    private static let latestSeconds: Int64 = 253_402_300_799

    private enum Key: String, CodingKey {
        case id, status, state, created, model, prompt, seconds, duration, size, error, data
        case videoID = "video_id"
        case taskID = "task_id"
        case createdAtSeconds = "created_at"
        case failureReason = "failure_reason"
        case failReason = "fail_reason"
    }

    init(from decoder: any Decoder) throws {
        var fields = try decoder.container(keyedBy: Key.self)
        if !fields.contains(.id), let inner = try? fields.nestedContainer(keyedBy: Key.self, forKey: .data) {
            fields = inner
        }
        let names: [Key] = [.id, .videoID, .taskID]
        let found = names.lazy.compactMap { fields.text($0) ?? fields.number($0).map { String($0) } }.first
        id = found.flatMap { (1...256).contains($0.utf8.count) ? $0 : nil }
        status = fields.text(.status) ?? fields.text(.state)
        createdAtSeconds = (fields.number(.createdAtSeconds) ?? fields.number(.created))
            .map { min(max($0, 0), Self.latestSeconds) }
        model = fields.text(.model)
        prompt = fields.text(.prompt)
        seconds = (fields.number(.seconds) ?? fields.number(.duration)).flatMap { Int(exactly: $0) }
        size = fields.text(.size)
        let reason = fields.text(.failureReason) ?? fields.text(.failReason)
        error = (try? fields.decode(OpenAIError.self, forKey: .error)) ?? reason.map { OpenAIError(message: $0) }
    }
}

/// One page of a listing.
struct OpenAIPage: Decodable {
    /// In their order; nil for what is no object.
    let data: [OpenAIVideo?]
    let hasMore: Bool?
    let lastID: String?

    private enum Key: String, CodingKey {
        case data
        case hasMore = "has_more"
        case lastID = "last_id"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        data = try fields.decode([Item].self, forKey: .data).map(\.video)
        hasMore = try? fields.decode(Bool.self, forKey: .hasMore)
        lastID = fields.text(.lastID)
    }

    /// Whatever stands in a listing: one that cannot be read makes the others no worse.
    private struct Item: Decodable {
        let video: OpenAIVideo?

        init(from decoder: any Decoder) throws {
            video = try? OpenAIVideo(from: decoder)
        }
    }
}

/// The error of a refusal or of a failed job.
struct OpenAIError: Decodable {
    let message: String?
    let code: String?
    let type: String?
    /// Those of the failure that a job ended with, such as `Retry-After`; names in lower case.
    let headers: [String: String]

    private enum Key: String, CodingKey {
        case message, code, type, headers
    }

    init(message: String) {
        self.message = message
        code = nil
        type = nil
        headers = [:]
    }

    /// How long a failed job asks us to wait, in milliseconds.
    func retryAfter(now: Timestamp) -> Int64? {
        RetryAfter.milliseconds(seconds: headers["retry-after"], milliseconds: headers["retry-after-ms"], now: now)
    }

    init(from decoder: any Decoder) throws {
        guard let fields = try? decoder.container(keyedBy: Key.self) else {
            // Some gateways write `"error": "words"`.
            message = try decoder.singleValueContainer().decode(String.self)
            code = nil
            type = nil
            headers = [:]
            return
        }
        message = fields.text(.message)
        code = fields.text(.code) ?? fields.number(.code).map { String($0) }
        type = fields.text(.type)
        let found = (try? fields.decode([String: Header].self, forKey: .headers)) ?? [:]
        headers = found.reduce(into: [:]) { $0[$1.key.lowercased()] = $1.value.text }
    }

    /// A header's value, as a text or as a number; anything else is none.
    private struct Header: Decodable {
        let text: String?

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            text = (try? value.decode(String.self)) ?? (try? value.decode(Double.self)).map { "\($0)" }
        }
    }
}

/// A refusal's body: `{"error": {...}}`, or at some gateways the error itself.
struct OpenAIErrorEnvelope: Decodable {
    let error: OpenAIError

    private enum Key: String, CodingKey {
        case error
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        if fields.contains(.error) {
            error = try fields.decode(OpenAIError.self, forKey: .error)
        } else {
            error = try OpenAIError(from: decoder)
        }
    }
}

extension KeyedDecodingContainer {
    /// A text, or nil when there is none: nothing but the identifier is worth refusing an answer for.
    fileprivate func text(_ key: Key) -> String? {
        try? decode(String.self, forKey: key)
    }

    /// A whole number, written as a number or as a text; nil when there is none.
    fileprivate func number(_ key: Key) -> Int64? {
        if let number = try? decode(Int64.self, forKey: key) { return number }
        if let text = text(key) { return Int64(text) }
        // Gateways in other languages write times as fractions.
        guard let fraction = try? decode(Double.self, forKey: key) else { return nil }
        return Int64(exactly: fraction.rounded(.down))
    }
}
