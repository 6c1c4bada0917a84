package import RushesCore

/// An upstream that makes videos, spoken to in one dialect; one value per route of the catalogue.
///
/// Every adapter passes `VideoProviderConformance`. No method retries by itself: the engine owns every repetition.
package protocol VideoProvider: Sendable {
    /// Asks for one video; never called twice for the same attempt.
    func submit(_ submission: Submission) async -> SubmitOutcome

    /// Reads one job.
    func poll(_ job: ProviderJobID) async -> PollOutcome

    /// Lists jobs created at or after `since`, newest first or complete: what a reconciliation compares.
    ///
    /// - Throws: `ProviderError` when the provider could not be asked or has no listing (`ProviderFault.Class.permanentRequest`).
    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob]

    /// Streams a finished video; the consumer sees the bytes in order and may stop early by throwing.
    ///
    /// - Throws: `ProviderError` when the answer is not a video or breaks off, or what `consume` throws.
    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws
}

/// One request for one video.
package struct Submission: Sendable, Equatable {
    /// The task.
    package let task: TaskID
    /// The attempt's number.
    package let attempt: Int
    /// The provider's own name of the model.
    package let model: String
    /// The prompt.
    package let prompt: String
    /// Length of the video in seconds.
    package let seconds: Int
    /// Pixels, as `1280x720`.
    package let size: String
    /// When the attempt's result stops being wanted.
    package let deadline: Timestamp

    /// A request from its parts.
    package init(
        task: TaskID, attempt: Int, model: String, prompt: String, seconds: Int, size: String, deadline: Timestamp
    ) {
        self.task = task
        self.attempt = attempt
        self.model = model
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
        self.deadline = deadline
    }
}

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

/// What a download hands over, in order.
package enum DownloadEvent: Sendable, Equatable {
    /// The answer's head was right; the length when it was announced.
    case began(contentLength: Int64?)
    /// Some bytes.
    case bytes([UInt8])
}

/// A provider could not be asked, or its answer cannot be used.
package struct ProviderError: Error, Sendable, Equatable {
    /// The classified fault.
    package let fault: ProviderFault

    /// An error from its fault.
    package init(_ fault: ProviderFault) {
        self.fault = fault
    }
}
