import HTTPTypes
import Hummingbird

/// A refusal in OpenAI's envelope: `{"error":{"message","type","param","code"}}`, all four keys always present.
struct OpenAIError: Error, Sendable {
    let status: HTTPResponse.Status
    let type: String
    let code: String?
    let param: String?
    let message: String
    var headers: HTTPFields = [:]

    private static func invalid(
        _ status: HTTPResponse.Status = .badRequest, code: String?, param: String? = nil, _ message: String
    ) -> OpenAIError {
        OpenAIError(status: status, type: "invalid_request_error", code: code, param: param, message: message)
    }

    static func missing(_ param: String) -> OpenAIError {
        invalid(code: "missing_required_parameter", param: param, "Missing required parameter: '\(param)'.")
    }

    static func wrongType(_ param: String, expected: String) -> OpenAIError {
        invalid(code: "invalid_type", param: param, "Invalid type for '\(param)': expected \(expected).")
    }

    static func invalidValue(_ param: String, _ reason: String) -> OpenAIError {
        invalid(code: "invalid_value", param: param, "Invalid value for '\(param)': \(reason)")
    }

    static func malformed(_ reason: String) -> OpenAIError {
        invalid(code: "invalid_body", reason)
    }

    static let bodyTooLarge = invalid(
        .contentTooLarge, code: "request_too_large",
        "The request body is larger than \(SandboxLimits.bodyBytesMax) bytes."
    )
    static let unsupportedMediaType = invalid(
        .unsupportedMediaType, code: "unsupported_content_type",
        "Unsupported content type: send multipart/form-data or application/json."
    )
    static let wrongKey = invalid(.unauthorized, code: "invalid_api_key", "Incorrect API key provided.")
    static let missingKey = invalid(
        .unauthorized, code: "invalid_api_key", "No API key was provided in an 'Authorization: Bearer' header."
    )

    static func unknownModel(_ id: String) -> OpenAIError {
        invalid(.notFound, code: "model_not_found", param: "model", "The model '\(id)' does not exist.")
    }

    static func unknownVideo(_ id: String) -> OpenAIError {
        invalid(.notFound, code: "not_found", param: "video_id", "No video with id '\(id)' was found.")
    }

    static func notReady(_ id: String) -> OpenAIError {
        invalid(.notFound, code: "video_not_ready", "Video '\(id)' is not ready yet.")
    }

    static func expired(_ id: String) -> OpenAIError {
        invalid(.notFound, code: "video_expired", "The content of video '\(id)' has expired.")
    }

    static func stillRunning(_ id: String) -> OpenAIError {
        invalid(code: "video_in_progress", "Video '\(id)' is still being generated and cannot be deleted.")
    }

    static func unknownRoute(_ method: String, _ path: String) -> OpenAIError {
        invalid(.notFound, code: "unknown_url", "Invalid URL (\(method) \(path)).")
    }

    static let rateLimited = OpenAIError(
        status: .tooManyRequests, type: "requests", code: "rate_limit_exceeded", param: nil,
        message: "Rate limit reached for requests. Try again in 1s.",
        headers: [.retryAfter: "1", .retryAfterMilliseconds: "1000"]
    )

    static func server(_ message: String) -> OpenAIError {
        OpenAIError(
            status: .internalServerError, type: "server_error", code: "server_error", param: nil, message: message)
    }
}

extension OpenAIError {
    private struct Envelope: Encodable {
        let error: OpenAIError
    }

    func response() throws -> Response {
        try Response.json(Envelope(error: self), status: status, headers: headers)
    }
}

extension OpenAIError: Encodable {
    private enum CodingKeys: String, CodingKey {
        case message, type, param, code
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(message, forKey: .message)
        try container.encode(type, forKey: .type)
        try container.encode(param, forKey: .param)
        try container.encode(code, forKey: .code)
    }
}
