import HTTPTypes
import Hummingbird

/// A refusal as Google's services write it: `{"error":{"code","message","status","details"}}`.
struct GoogleRefusal: SandboxRefusal {
    let status: HTTPResponse.Status
    /// The name of the google.rpc.Code.
    let name: String
    let message: String
    var reason: String?
    var retryDelay: String?
    var quotaID: String?

    static func invalid(_ message: String) -> GoogleRefusal {
        GoogleRefusal(status: .badRequest, name: "INVALID_ARGUMENT", message: message)
    }

    static let wrongKey = GoogleRefusal(
        status: .badRequest, name: "INVALID_ARGUMENT", message: "API key not valid. Please pass a valid API key.",
        reason: "API_KEY_INVALID")
    static let missingKey = GoogleRefusal(
        status: .forbidden, name: "PERMISSION_DENIED", message: "Method doesn't allow unregistered callers.")
    static let wrongToken = GoogleRefusal(
        status: .unauthorized, name: "UNAUTHENTICATED",
        message: "Request had invalid authentication credentials. Expected OAuth 2 access token.",
        reason: "ACCESS_TOKEN_EXPIRED")

    static func unknownModel(_ model: String) -> GoogleRefusal {
        GoogleRefusal(status: .notFound, name: "NOT_FOUND", message: "The model \(model) is no longer available.")
    }

    static func unknown(_ thing: String) -> GoogleRefusal {
        GoogleRefusal(status: .notFound, name: "NOT_FOUND", message: "\(thing) was not found.")
    }

    static func server(_ message: String) -> GoogleRefusal {
        GoogleRefusal(status: .internalServerError, name: "INTERNAL", message: message)
    }

    static let rateLimited = GoogleRefusal(
        status: .tooManyRequests, name: "RESOURCE_EXHAUSTED",
        message: "Resource has been exhausted (e.g. check quota).", retryDelay: "1s",
        quotaID: "PredictLongRunningRequestsPerMinutePerProjectPerModel")

    private struct Envelope: Encodable {
        let error: Inner

        struct Inner: Encodable {
            let code: Int
            let message: String
            let status: String
            let details: [Detail]?
        }
    }

    private struct Detail: Encodable {
        let type: String
        var reason: String?
        var domain: String?
        var retryDelay: String?
        var violations: [[String: String]]?

        private enum CodingKeys: String, CodingKey {
            case type = "@type"
            case reason, domain, retryDelay, violations
        }
    }

    func response() throws -> Response {
        var details: [Detail] = []
        let prefix = "type.googleapis.com/google.rpc."
        if let reason { details.append(Detail(type: prefix + "ErrorInfo", reason: reason, domain: "googleapis.com")) }
        if let retryDelay { details.append(Detail(type: prefix + "RetryInfo", retryDelay: retryDelay)) }
        if let quotaID {
            details.append(Detail(type: prefix + "QuotaFailure", violations: [["quotaId": quotaID]]))
        }
        let inner = Envelope.Inner(
            code: status.code, message: message, status: name, details: details.isEmpty ? nil : details)
        return try Response.json(Envelope(error: inner), status: status)
    }
}

/// A refusal of the token endpoint (RFC 6749 section 5.2).
struct TokenRefusal: SandboxRefusal {
    let status = HTTPResponse.Status.badRequest
    let message: String

    private struct Body: Encodable {
        let error = "invalid_grant"
        let description: String

        private enum CodingKeys: String, CodingKey {
            case error
            case description = "error_description"
        }
    }

    func response() throws -> Response {
        try Response.json(Body(description: message), status: status)
    }
}
