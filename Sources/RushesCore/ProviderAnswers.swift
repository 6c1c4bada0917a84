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
}

/// A job in a provider's listing; what it does not tell is nil.
package struct ListedJob: Sendable, Equatable {
    /// The job.
    package let id: ProviderJobID
    /// When the provider says that it was created, rounded down to its precision.
    package let createdAt: Timestamp
    /// The provider's model name.
    package let model: String?
    /// The prompt.
    package let prompt: String?
    /// Length in seconds.
    package let seconds: Int?
    /// Pixels, as `1280x720`.
    package let size: String?

    /// A listed job from its parts.
    package init(
        id: ProviderJobID, createdAt: Timestamp, model: String?, prompt: String?, seconds: Int?, size: String?
    ) {
        self.id = id
        self.createdAt = createdAt
        self.model = model
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
    }
}
