public import RushesWire

/// Why a call to a Rushes server did not give its answer.
public enum RushesClientError: Error, Sendable {
    /// No answer came: refused, reset or timed out. What was sent may or may not have arrived.
    case unreachable(address: String, reason: String)
    /// The server refused, with its reasons.
    case refused(ProblemBody, retryAfterSeconds: Int?)
    /// The answer is not one of a Rushes server.
    case unreadable(status: Int, detail: String)
    /// The bytes that arrived are not the stored ones.
    case damaged(String)
    /// A local file could not be read or written.
    case file(path: String, reason: String)

    /// Seconds that the server asks to wait, when it did.
    public var retryAfterSeconds: Int? {
        switch self {
        case .refused(_, let seconds): seconds
        case .unreachable, .unreadable, .damaged, .file: nil
        }
    }

    /// True when the same request may succeed later: no connection, too many requests, not ready.
    public var isPassing: Bool {
        switch self {
        case .unreachable: true
        case .refused(let problem, _): problem.status == 429 || problem.status == 503
        case .unreadable(let status, _): status == 429 || status == 502 || status == 503 || status == 504
        case .damaged, .file: false
        }
    }
}

extension RushesClientError: CustomStringConvertible {
    /// The sentence for people.
    public var description: String {
        switch self {
        case .unreachable(let address, let reason): "no answer from \(address): \(reason)"
        case .refused(let problem, _): problem.detail
        case .unreadable(let status, let detail): "unexpected answer (HTTP \(status)): \(detail)"
        case .damaged(let detail): detail
        case .file(let path, let reason): "\(path): \(reason)"
        }
    }
}
