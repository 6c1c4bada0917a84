import Foundation

/// The `[sim:...]` markers of one prompt: the script that a test wrote for its job.
struct PromptMarkers: Sendable, Equatable {
    var ending: VideoJob.Ending?
    /// The code of a job that fails, instead of the usual one.
    var failureCode: String?
    /// How a create is refused, each time or only once.
    var refusal: PlannedFault.Kind?
    var content = VideoJob.Content.whole
    var isLate = false
    var isThrottled = false
    var isDropped = false
    var slowMilliseconds: UnixMilliseconds?
    /// How long a job stays queued, whatever its work takes.
    var queueMilliseconds: UnixMilliseconds?
    /// How long a download of the content takes.
    var contentMilliseconds: UnixMilliseconds?

    init(prompt: String) {
        var rest = prompt[...]
        while let opening = rest.range(of: "[sim:"), let closing = rest[opening.upperBound...].firstIndex(of: "]") {
            read(String(rest[opening.upperBound..<closing]))
            rest = rest[opening.upperBound...]
        }
    }

    private mutating func read(_ word: String) {
        switch word {
        case "fail": ending = .generationFailed
        case "moderation": ending = .moderationBlocked
        case "500": ending = .serverError
        case "timeout": ending = .neverEnds
        case "unknown-status": ending = .pausedUpstream
        case "late": isLate = true
        case "429": isThrottled = true
        case "drop": isDropped = true
        case "corrupt": content = .corrupt
        case "truncated": content = .truncated
        case "empty": content = .empty
        case "expired": content = .expired
        case "lost": ending = .vanishes
        case "blocked": refusal = .moderated
        case "invalid": refusal = .invalid
        case "quota": refusal = .spendLimit
        case "401": refusal = .unauthorized
        case "503": refusal = .unavailable
        case "retired": refusal = .retired
        default: readNumber(word)
        }
    }

    /// `slow=S` and its like, and `fail=CODE`; any other word is prose that happens to look like a marker, and is left
    /// alone.
    private mutating func readNumber(_ word: String) {
        let parts = word.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return }
        if parts[0] == "fail", parts[1].utf8.count <= 64 {
            ending = .generationFailed
            failureCode = String(parts[1])
        }
        guard let seconds = Double(parts[1]), (0...SandboxLimits.slowSecondsMax).contains(seconds) else { return }
        let milliseconds = UnixMilliseconds(seconds * 1000)
        switch parts[0] {
        case "slow": slowMilliseconds = milliseconds
        case "queue": queueMilliseconds = milliseconds
        case "slow-body": contentMilliseconds = milliseconds
        default: break
        }
    }
}
