/// What the sandbox counted since its journal began.
struct SandboxCounters: Sendable {
    var accepted = 0
    var dropped = 0
    var rejectedByStatus: [Int: Int] = [:]
    var submissionsByAttempt: [String: Int] = [:]
    var submissionsByTask: [String: Int] = [:]
    var acceptedByDialect: [String: Int] = [:]
    /// How many accepted creates brought a parameter with a value, by `name=value`.
    var acceptedByParameter: [String: Int] = [:]
    var deletes = 0
    var traffic = SandboxTraffic()

    mutating func accept(_ origin: CreateOrigin, _ job: VideoJob, dropped isDropped: Bool) {
        accepted += 1
        acceptedByDialect[(job.surface ?? .openAI).rawValue, default: 0] += 1
        for (name, value) in job.extras?.texts ?? [:] { acceptedByParameter["\(name)=\(value)", default: 0] += 1 }
        if isDropped { dropped += 1 }
        guard let attempt = origin.attempt else { return }
        submissionsByAttempt[attempt, default: 0] += 1
        submissionsByTask[origin.task, default: 0] += 1
    }
}

/// The reads, which are too many to write each one down.
struct SandboxTraffic: Codable, Sendable, Equatable {
    var polls = 0
    var lists = 0
    var downloads = 0
    var tokens: Int?

    enum Read: Sendable {
        case poll, list, download, token
    }

    mutating func count(_ read: Read) {
        switch read {
        case .poll: polls += 1
        case .list: lists += 1
        case .download: downloads += 1
        case .token: tokens = (tokens ?? 0) + 1
        }
    }
}
