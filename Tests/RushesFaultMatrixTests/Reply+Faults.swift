import RushesCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A call that meets a fault: what would have been answered, and what is needed to say it wrongly.
struct FaultyCall: Sendable {
    let form: MatrixForm
    let fault: WireFault
    let call: MatrixCall
    /// The right answer.
    let right: Reply
    /// The body of the right answer.
    let body: [UInt8]
    /// The name of the job.
    let job: String
    let now: Timestamp
}

extension FaultyCall {
    /// What is sent; nil for faults that lie on the way to the provider.
    var reply: Reply? {
        switch fault {
        case .connectionRefused, .unknownHost, .badCertificate: nil
        case .silence: right.cut(after: 0, .fallsSilent)
        case .resetInHead: right.cut(after: right.headLength / 2, .resets)
        case .resetInBody: right.cut(after: right.headLength + body.count / 2, .resets)
        case .namelessListing: right.cut(after: right.headLength + body.count / 2, .resets)
        case .hangAfterHead: right.cut(after: right.headLength, .fallsSilent)
        case .drip: right.cut(after: right.headLength + 1, .drips)
        case .hugeHead:
            Reply(type: type, headers: ["X-Padding: " + String(repeating: "p", count: 100 * 1_024)], body: body)
        case .endlessChunks:
            Reply(
                type: type, headers: ["Transfer-Encoding: chunked"],
                body: Array("\(String(body.count, radix: 16))\r\n".utf8) + body + Array("\r\n".utf8), length: nil
            ).ends(.floods)
        case .lengthTooBig: Reply(type: type, body: body, length: body.count + 100)
        case .lengthTooSmall: Reply(type: type, body: body, length: body.count - 10)
        case .lengthAbsent: Reply(type: type, body: body, length: nil)
        case .html: Reply(type: "text/html", body: Array("<html><body>It works!</body></html>".utf8))
        case .malformedJSON: json("{\"id\":\"\(job)\",\"sta")
        case .wrongTypes: Reply(type: type, body: Array(form.wrongTypes.utf8))
        case .missingIdentifier: json("{\"object\":\"video\",\"status\":\"completed\"}")
        case .climbingIdentifier: right
        case .longIdentifier:
            json("{\"id\":\"\(String(repeating: "v", count: 10 * 1_024))\",\"status\":\"completed\"}")
        case .unknownStatus: json("{\"id\":\"\(job)\",\"status\":\"marinating\"}")
        case .excessProgress: json("{\"id\":\"\(job)\",\"status\":\"in_progress\",\"progress\":250}")
        case .duplicatedKeys:
            json("{\"id\":\"\(job)-2\",\"id\":\"\(job)\",\"status\":\"failed\",\"status\":\"completed\"}")
        case .compressionBomb: Reply(type: type, headers: ["Content-Encoding: gzip"], body: CompressionBomb.bytes)
        case .noContent: Reply("204 No Content", body: [], length: nil)
        case .redirectIntoOurNetwork:
            Reply("301 Moved Permanently", headers: ["Location: http://169.254.169.254/latest/meta-data/"], body: [])
        case .unauthorized: form.refusal("401 Unauthorized", code: "invalid_api_key")
        case .paymentRequired: form.refusal("402 Payment Required", code: nil)
        case .forbidden: form.refusal("403 Forbidden", code: nil)
        case .notFound: form.refusal("404 Not Found", code: call == .submit ? "model_not_found" : nil)
        case .bareNotFound: Reply("404 Not Found", type: "text/html", body: Array("<h1>404</h1>".utf8))
        case .requestTimeout: form.refusal("408 Request Timeout", code: nil)
        case .conflict: form.refusal("409 Conflict", code: nil)
        case .tooLarge: form.refusal("413 Content Too Large", code: nil)
        case .rateLimitedWithWait: throttled("7")
        case .rateLimited, .rateLimitStorm: throttled(nil)
        case .rateLimitedWithAbsurdWait: throttled("99999999999999999999")
        case .rateLimitedWithDate: throttled(now.adding(seconds: 7).httpDate)
        case .serverError: form.refusal("500 Internal Server Error", code: "server_error")
        case .badGateway: Reply("502 Bad Gateway", type: "text/html", body: Array("<h1>502</h1>".utf8))
        case .unavailableWithWait: form.refusal("503 Service Unavailable", code: nil, headers: ["Retry-After: 3"])
        case .gatewayTimeout: Reply("504 Gateway Timeout", type: "text/html", body: Array("<h1>504</h1>".utf8))
        case .quotaExhausted: form.refusal("429 Too Many Requests", code: "insufficient_quota")
        case .contentPolicy:
            call == .poll
                ? json(form.moderated(job)) : form.refusal("400 Bad Request", code: "content_policy_violation")
        case .throttledJob: json(form.throttled(job))
        case .emptyVideo: Reply(type: type, body: [])
        case .truncatedVideo: Reply(type: type, body: Array(body.dropLast(5)), length: body.count)
        case .videoOfWrongType: Reply(type: "text/html", body: body)
        case .videoOfWrongLength: right
        case .hugeVideo: Reply(type: type, body: body, length: 5 << 30).ends(.fallsSilent)
        }
    }

    private var type: String { call == .content ? "video/mp4" : "application/json" }

    private func json(_ text: String) -> Reply { Reply(body: Array(text.utf8)) }

    private func throttled(_ wait: String?) -> Reply {
        form.refusal(
            "429 Too Many Requests", code: "rate_limit_exceeded", headers: wait.map { ["Retry-After: " + $0] } ?? [])
    }
}

/// A document of a million bytes in a thousand.
private enum CompressionBomb {
    static let bytes: [UInt8] = {
        let start = "H4sIAAAAAAACA+3IsQ2DMBAAwF2+TgFtlkFIb0VuQpBtGpTd4z1yV94dNeMZV81ybGs8ovW9jzbrHGWUnPPZM+v7NWsB"
        let text = start + String(repeating: "A", count: 1_290) + "D+Vnx/8h43Q29CDwA="
        return Array(Data(base64Encoded: text) ?? Data())
    }()
}

extension Timestamp {
    /// As `Sun, 06 Nov 1994 08:49:37 GMT`.
    fileprivate var httpDate: String {
        // 2026-11-23T18:53:20.000Z
        let parts = rfc3339.split { "-T:.Z".contains($0) }.map(String.init)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let day = days[Int(seconds / 86_400 % 7)]
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(day), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}
