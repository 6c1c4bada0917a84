/// What is known after a create call (`reference/provider-apis.md` 4.2).
package enum SubmitOutcome: Sendable, Equatable {
    /// The provider accepted and named the job; it may say after how many milliseconds to poll.
    case accepted(ProviderJobID, pollAfterMilliseconds: Int64?)
    /// The provider certainly has no job: connection refused, DNS, TLS, or a parsed 4xx other than 408 and 409.
    case notAccepted(ProviderFault)
    /// Nobody knows: a reset or timeout after the request was written, 5xx, 408, 409, an unreadable answer.
    case unknown(ProviderFault)
}

/// What a poll showed.
package enum PollOutcome: Sendable, Equatable {
    /// Not finished; an unknown status word is also this, with `unfamiliarStatus` set.
    case running(pollAfterMilliseconds: Int64?, unfamiliarStatus: String?)
    /// The video can be downloaded.
    case completed
    /// The provider gave up on the job.
    case failed(ProviderFault)
    /// The provider does not know the job.
    case lost(ProviderFault)
    /// The provider could not be asked: this says nothing about the job.
    case unavailable(ProviderFault)

    /// What a poll has shown that was not answered with the job.
    package static func unanswered(_ fault: ProviderFault) -> PollOutcome {
        fault.class == .lost ? .lost(fault) : .unavailable(fault)
    }
}

/// A job in a provider's listing; what it does not tell is nil.
package struct ListedJob: Sendable, Equatable {
    /// The job; nil for one whose name cannot be used: nobody can adopt it, and it may be of anybody whom it matches.
    package let id: ProviderJobID?
    /// When the provider says that it was created, rounded down to its precision; at the latest then, for one without
    /// a name that does not tell it.
    package let createdAt: Timestamp
    /// The provider's model name.
    package let model: String?
    /// The prompt.
    package let prompt: String?
    /// Length in seconds.
    package let seconds: Int?
    /// Pixels, as `1280x720`.
    package let size: String?
    /// The attempt that the job carries the name of, where a provider lets us name jobs.
    package let attempt: AttemptTag?

    /// A listed job from its parts.
    package init(
        id: ProviderJobID?, createdAt: Timestamp, model: String?, prompt: String?, seconds: Int?, size: String?,
        attempt: AttemptTag? = nil
    ) {
        self.attempt = attempt
        self.id = id
        self.createdAt = createdAt
        self.model = model
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }
}

/// The name of one attempt at a task as providers see it, in labels and storage prefixes: `tsk_...-2`.
package struct AttemptTag: Hashable, Sendable, CustomStringConvertible {
    /// The task.
    package let task: TaskID
    /// The attempt's number.
    package let number: Int

    /// A tag from its parts.
    package init(task: TaskID, number: Int) {
        self.task = task
        self.number = number
    }

    /// The tag of a text; nil when it is none.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let task = TaskID(String(parts[0])), let number = Int(parts[1]), number > 0 else {
            return nil
        }
        self.init(task: task, number: number)
    }

    package var description: String { "\(task)-\(number)" }
}
