import ArgumentParser
import RushesClient
import RushesServer
import RushesWire

/// Why a command could not do its work, as the person at the keyboard reads it.
struct Complaint: Error {
    /// One sentence.
    let message: String
    /// What belongs to it, a line each.
    var details: [String] = []
    /// The process's exit code.
    var status = ExitStatus.error
}

extension Complaint {
    /// The complaint for an error; nil when the argument parser knows better what to do with it.
    init?(_ error: any Error) {
        switch error {
        case let complaint as Complaint: self = complaint
        case let error as RushesClientError: self.init(error)
        case let error as CatalogueFileError:
            self.init(
                message: "\(error.path) cannot be used as a catalogue", details: error.reasons, status: .input)
        case let failure as StartFailure:
            self.init(message: failure.description, status: failure.kind == .passing ? .temporary : .error)
        case is CancellationError: self.init(message: "interrupted", status: .interrupted)
        case is ExitCode, is ValidationError, is CleanExit: return nil
        default:
            // The parser's own errors are not public types; they come before any command runs and have a usage text.
            if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { return nil }
            let text = String(describing: error)
            let isTaken = text.contains("Address already in use")
            self.init(message: isTaken ? "the address is taken; choose another one with --listen" : text)
        }
    }

    private init(_ error: RushesClientError) {
        switch error {
        case .refused(let problem, let seconds): self.init(problem, retryAfterSeconds: seconds)
        case .unreachable: self.init(message: error.description, status: .temporary)
        case .unreadable: self.init(message: error.description, status: error.isPassing ? .temporary : .error)
        case .damaged, .file: self.init(message: error.description)
        }
    }

    /// The complaint for a server's refusal.
    init(_ problem: ProblemBody, retryAfterSeconds: Int?) {
        message = problem.detail
        let lines = (problem.errors ?? []).map(\.line)
        details = lines == [problem.detail] ? [] : lines
        if let total = problem.errorsTotal, total > lines.count {
            details.append("... and \(total - lines.count) more")
        }
        if let short = problem.shortMicros { details.append("missing: \(dollars(short))") }
        if let seconds = retryAfterSeconds { details.append("try again in \(seconds) s") }
        details.append("(\(problem.code), request \(problem.requestID))")
        status = Self.status(for: problem)
    }

    private static func status(for problem: ProblemBody) -> ExitStatus {
        switch problem.status {
        case 401, 403: .authentication
        case 402: .credits
        case 422 where problem.code == "idempotency_mismatch": .error
        case 400, 413, 415, 422: .input
        case 429, 503: .temporary
        default: .error
        }
    }

    /// Writes it to stderr.
    func report() {
        note(Terminal.stderr.styled("error: ", .red) + message)
        for line in details { note("  " + line) }
    }
}

extension IssueBody {
    /// Where it is and what is wrong: `row 17, column seconds: ...`.
    var line: String {
        var place: [String] = []
        if let row { place.append("row \(row)") }
        if let column { place.append("column \(column)") }
        if place.isEmpty, let pointer { place.append(pointer.isEmpty ? "the request" : pointer) }
        if place.isEmpty, let parameter { place.append("?\(parameter)") }
        return place.isEmpty ? detail : place.joined(separator: ", ") + ": " + detail
    }
}
