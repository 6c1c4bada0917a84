import HTTPTypes
import RushesCore
import RushesWire

extension Problem {
    /// Unknown, or another organization's: the two are the same answer.
    static let notFound = Problem(.notFound, "not_found", "Not found", "there is no such resource")

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        let names = Set(allowed.map(\.rawValue)).sorted().joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "method_not_allowed", "Method not allowed", "this resource takes \(names)",
            headers: [.allow: names])
    }

    static let unauthenticated = Problem(
        .unauthorized, "invalid_api_key", "Not authenticated",
        "send a valid API key as `Authorization: Bearer rsh_...`",
        headers: [.wwwAuthenticate: "Bearer realm=\"rushes\""])

    static func invalid(_ issues: IssueList) -> Problem {
        let first = issues.listed.first
        let place = first.map { issue in
            if let row = issue.row { return "row \(row)" + (issue.column.map { ", column \($0)" } ?? "") + ": " }
            if let parameter = issue.parameter { return "\(parameter): " }
            return issue.pointer.map { $0.isEmpty ? "" : "\($0): " } ?? ""
        }
        let more = issues.total > 1 ? " (and \(issues.total - 1) more)" : ""
        return Problem(
            .unprocessableContent, "invalid_request", "The request is invalid",
            (place ?? "") + (first?.detail ?? "the request is invalid") + more, issues: issues)
    }

    static func invalid(_ pointer: String, _ code: String, _ detail: String) -> Problem {
        invalid(IssueList(IssueBody(pointer: pointer, code: code, detail: detail)))
    }

    static func invalid(parameter: String, _ code: String, _ detail: String) -> Problem {
        invalid(IssueList(IssueBody(parameter: parameter, code: code, detail: detail)))
    }

    static func noTime(at pointer: String) -> Problem {
        invalid(pointer, "invalid_value", "a time like 2026-12-31T23:59:59Z")
    }

    static func malformed(_ code: String, _ detail: String) -> Problem {
        Problem(.badRequest, code, "The request is malformed", detail)
    }

    static let invalidCursor = malformed("invalid_cursor", "the cursor was not made by this list; start without one")

    static func unsupportedMediaType(_ allowed: [String]) -> Problem {
        Problem(
            .unsupportedMediaType, "unsupported_media_type", "Unsupported media type",
            "the content type is \(allowed.joined(separator: " or ")), in UTF-8",
            headers: [.accept: allowed.joined(separator: ", ")])
    }

    static let unsupportedEncoding = Problem(
        .unsupportedMediaType, "unsupported_content_encoding", "Unsupported content encoding",
        "send the body without Content-Encoding", headers: [.acceptEncoding: "identity"])

    /// Closes the connection, so that nobody reads the rest of the body.
    static func bodyTooLarge(_ limit: Int) -> Problem {
        Problem(
            .contentTooLarge, "body_too_large", "The body is too large", "the body has at most \(limit) bytes",
            headers: [.connection: "close"])
    }

    static let requestTimeout = Problem(
        .requestTimeout, "request_timeout", "The request took too long", "the body came too slowly")

    /// Neither a proxy in front nor we may guess where such a body ends.
    static let unknownTransferEncoding = Problem(
        .badRequest, "unknown_transfer_encoding", "The request is malformed", "Transfer-Encoding is chunked or missing",
        headers: [.connection: "close"])

    static let headersTooLarge = Problem(
        .requestHeaderFieldsTooLarge, "headers_too_large", "The header is too large",
        "at most \(RequestLimits.headerFieldsMax) fields and \(RequestLimits.headerBytesMax) bytes",
        headers: [.connection: "close"])

    static let targetTooLong = Problem(
        .uriTooLong, "target_too_long", "The address is too long",
        "path and query have at most \(RequestLimits.targetBytesMax) bytes", headers: [.connection: "close"])

    static func rangeNotSatisfiable(length: Int64) -> Problem {
        Problem(
            .rangeNotSatisfiable, "range_not_satisfiable", "The range is outside the content",
            "the content has \(length) bytes", headers: [.contentRange: "bytes */\(length)"])
    }

    static let unavailable = Problem(
        .serviceUnavailable, "unavailable", "Unavailable", "the service cannot answer now; try again",
        headers: [.retryAfter: "1"])

    /// Only operators meet it, who may know every reason.
    static func operationFailed(_ reason: String) -> Problem {
        Problem(.internalServerError, "operation_failed", "The operation failed", reason)
    }

    static let internalError = Problem(
        .internalServerError, "internal_error", "Internal error",
        "something went wrong here; nothing was charged for it")
}
