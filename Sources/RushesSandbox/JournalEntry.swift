/// One line of `jobs.jsonl`. Replaying the lines from the first to the last gives the sandbox's whole state.
enum JournalEntry: Codable, Sendable {
    /// A job was accepted; `dropped` when its answer was not sent on purpose.
    case created(job: VideoJob, origin: CreateOrigin, dropped: Bool)
    /// A create was refused with this HTTP status.
    case refused(status: Int)
    /// `[sim:429]` refused this task once more.
    case throttled(task: String)
    case deleted(id: String)
    /// The read counters so far; the last line of this kind holds.
    case traffic(SandboxTraffic)
}

/// Who sent a create, for the counters and the markers that count; never part of an answer under `/v1`.
struct CreateOrigin: Codable, Sendable, Equatable {
    /// `tsk_...:n` from `X-Rushes-Attempt`.
    let attempt: String?
    /// The attempt's part before the colon, or else a fingerprint of the prompt.
    let task: String

    init(attemptHeader: String?, prompt: String) {
        guard let header = attemptHeader, (1...SandboxLimits.headerTagCharactersMax).contains(header.utf8.count) else {
            attempt = nil
            task = "prompt:" + Fingerprint.hex(prompt, length: 32)
            return
        }
        attempt = header
        task = String(header.prefix { $0 != ":" })
    }
}
