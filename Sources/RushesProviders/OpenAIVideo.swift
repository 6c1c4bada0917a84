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

/// A job as the dialect's servers describe it; only the identifier must be there.
struct OpenAIVideo: Decodable {
    let id: String
    let status: String?
    let createdAtSeconds: Int64?
    let model: String?
    let prompt: String?
    let seconds: Int?
    let size: String?
    let error: OpenAIError?

    private enum Key: String, CodingKey {
        case id, status, model, prompt, seconds, size, error
        case createdAtSeconds = "created_at"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        id = try fields.decode(String.self, forKey: .id)
        guard !id.isEmpty, id.utf8.count <= 256 else {
            throw DecodingError.dataCorruptedError(forKey: .id, in: fields, debugDescription: "no usable identifier")
        }
        status = fields.text(.status)
        createdAtSeconds = fields.number(.createdAtSeconds)
        model = fields.text(.model)
        prompt = fields.text(.prompt)
        seconds = fields.number(.seconds).flatMap { Int(exactly: $0) }
        size = fields.text(.size)
        error = try? fields.decode(OpenAIError.self, forKey: .error)
    }
}

/// One page of a listing.
struct OpenAIPage: Decodable {
    let data: [OpenAIVideo]
    let hasMore: Bool?
    let lastID: String?

    private enum Key: String, CodingKey {
        case data
        case hasMore = "has_more"
        case lastID = "last_id"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        data = try fields.decode([OpenAIVideo].self, forKey: .data)
        hasMore = try? fields.decode(Bool.self, forKey: .hasMore)
        lastID = fields.text(.lastID)
    }
}

/// The error of a refusal or of a failed job.
struct OpenAIError: Decodable {
    let message: String?
    let code: String?
    let type: String?

    private enum Key: String, CodingKey {
        case message, code, type
    }

    init(from decoder: any Decoder) throws {
        guard let fields = try? decoder.container(keyedBy: Key.self) else {
            // Some gateways write `"error": "words"`.
            message = try decoder.singleValueContainer().decode(String.self)
            code = nil
            type = nil
            return
        }
        message = fields.text(.message)
        code = fields.text(.code) ?? fields.number(.code).map { String($0) }
        type = fields.text(.type)
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
