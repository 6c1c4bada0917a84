/// What the process says to scripts when it ends; these numbers never change.
enum ExitStatus: Int32 {
    case success = 0
    case error = 1
    case partial = 3
    case authentication = 4
    case credits = 5
    case input = 6
    case failed = 7
    case timeout = 8
    case temporary = 75
    case interrupted = 130

    /// The status for a batch that has ended; an unknown ending counts as an error.
    init(batchStatus: String) {
        switch batchStatus {
        case "completed": self = .success
        case "partial": self = .partial
        case "failed": self = .failed
        default: self = .error
        }
    }
}
