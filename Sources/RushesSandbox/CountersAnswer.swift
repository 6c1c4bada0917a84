/// The body of `GET /_sandbox/counters`. The maps are absent from a summary, the two last members from the rest.
struct CountersAnswer: Encodable, Sendable {
    let received: Int
    let accepted: Int
    let dropped: Int
    let rejected: [String: Int]
    let runningNow: Int
    let runningPeak: Int
    let polls: Int
    let lists: Int
    let downloads: Int
    let deletes: Int
    let tokens: Int
    let acceptedByDialect: [String: Int]
    let acceptedByParameter: [String: Int]
    let faultsMet: [String: Int]
    var submissionsPerAttempt: [String: Int]?
    var submissionsPerTask: [String: Int]?
    var attemptsRepeated: Int?
    var tasksRepeated: [Repetition]?

    /// A task that was accepted more than once.
    struct Repetition: Encodable, Sendable {
        let task: String
        let submissions: Int
    }

    private enum CodingKeys: String, CodingKey {
        case received = "creates_received"
        case accepted = "creates_accepted"
        case dropped = "creates_dropped"
        case rejected = "creates_rejected"
        case runningNow = "running_now"
        case runningPeak = "running_peak"
        case polls, lists, downloads, deletes
        case tokens = "tokens_issued"
        case acceptedByDialect = "creates_accepted_by_dialect"
        case acceptedByParameter = "creates_accepted_by_parameter"
        case faultsMet = "faults_met"
        case submissionsPerAttempt = "submissions_per_attempt"
        case submissionsPerTask = "submissions_per_task"
        case attemptsRepeated = "attempts_submitted_more_than_once"
        case tasksRepeated = "tasks_submitted_more_than_once"
    }

    init(_ counters: SandboxCounters, runningNow: Int, runningPeak: Int, faults: [String: Int], isSummary: Bool) {
        received = counters.accepted + counters.rejectedByStatus.values.reduce(0, +)
        accepted = counters.accepted
        dropped = counters.dropped
        rejected = Dictionary(uniqueKeysWithValues: counters.rejectedByStatus.map { (String($0), $1) })
        self.runningNow = runningNow
        self.runningPeak = runningPeak
        polls = counters.traffic.polls
        lists = counters.traffic.lists
        downloads = counters.traffic.downloads
        deletes = counters.deletes
        tokens = counters.traffic.tokens ?? 0
        acceptedByDialect = counters.acceptedByDialect
        acceptedByParameter = counters.acceptedByParameter
        faultsMet = faults
        if isSummary {
            attemptsRepeated = counters.submissionsByAttempt.values.count { $0 > 1 }
            tasksRepeated = counters.submissionsByTask.filter { $0.value > 1 }
                .sorted { $0.key < $1.key }
                .map { Repetition(task: $0.key, submissions: $0.value) }
        } else {
            submissionsPerAttempt = counters.submissionsByAttempt
            submissionsPerTask = counters.submissionsByTask
        }
    }
}
