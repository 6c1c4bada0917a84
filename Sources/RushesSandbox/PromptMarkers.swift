import Foundation

/// The `[sim:...]` markers of one prompt: the script that a test wrote for its job.
struct PromptMarkers: Sendable, Equatable {
    var ending: VideoJob.Ending?
    var content = VideoJob.Content.whole
    var isLate = false
    var isThrottled = false
    var isDropped = false
    var slowMilliseconds: UnixMilliseconds?

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
        default: readSlow(word)
        }
    }

    /// `slow=S`; any other word is prose that happens to look like a marker, and is left alone.
    private mutating func readSlow(_ word: String) {
        guard word.hasPrefix("slow="), let seconds = Double(word.dropFirst("slow=".count)),
            (0...SandboxLimits.slowSecondsMax).contains(seconds)
        else { return }
        slowMilliseconds = UnixMilliseconds(seconds * 1000)
    }
}
