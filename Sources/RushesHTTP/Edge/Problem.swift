package import HTTPTypes
package import Hummingbird
import NIOCore
import RushesCore
package import RushesWire

/// An error answer (RFC 9457); the only place, with `Problem+Mapping.swift`, that knows status codes.
package struct Problem: Error, HTTPResponseError {
    /// The status.
    package let status: HTTPResponse.Status
    /// The stable code.
    package let code: String
    /// A short sentence, the same for every occurrence of the code.
    package let title: String
    /// What happened here.
    package let detail: String
    /// What is wrong with the input.
    package var issues: IssueList?
    /// What the wallet lacks, in micro-credits.
    package var shortMicros: Int64?
    /// Header fields that belong to the status.
    package var headers: HTTPFields

    init(
        _ status: HTTPResponse.Status, _ code: String, _ title: String, _ detail: String, issues: IssueList? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.issues = issues
        self.headers = headers
    }

    package func response(from request: Request, context: some RequestContext) -> Response {
        let requestID = (context as? EdgeContext)?.requestID.rawValue ?? ""
        var fields = headers
        fields[.contentType] = "application/problem+json"
        let buffer = ByteBuffer(bytes: bytes(requestID: requestID))
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: buffer))
    }

    /// The answer's bytes.
    func bytes(requestID: String) -> [UInt8] {
        do {
            return try WireJSON.encode(body(requestID: requestID))
        } catch {
            // A problem holds texts and integers, which JSON can always write; an answer without a body says enough.
            return []
        }
    }

    /// The body of the answer.
    package func body(requestID: String) -> ProblemBody {
        let first = issues?.listed.first
        let parameter = first?.pointer.map { String($0.drop { $0 == "/" }) } ?? first?.parameter
        return ProblemBody(
            type: "urn:rushes:problem:\(code)", title: title, status: Int(status.code), detail: detail, code: code,
            requestID: requestID, errors: issues?.listed, errorsTotal: issues?.total, shortMicros: shortMicros,
            error: ErrorBody(type: errorType, code: code, message: detail, param: parameter))
    }

    /// The class of error as clients of OpenAI and Stripe know it.
    private var errorType: String {
        switch status.code {
        case 401: "authentication_error"
        case 402: "insufficient_quota"
        case 403: "permission_error"
        case 409: "conflict_error"
        case 429: "rate_limit_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }
}
