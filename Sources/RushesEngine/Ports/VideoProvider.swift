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
    /// - Throws: `ProviderError` when the provider could not be asked, or has no listing
    ///   (`ProviderFault.Class.permanentRequest`).
    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob]

    /// Milliseconds from a create until a listing without its job proves that there is none: 0 where jobs are listed,
    /// minutes where only finished videos are.
    var listingLagMilliseconds: Int64 { get }

    /// Streams a finished video; the consumer sees the bytes in order and may stop early by throwing.
    ///
    /// - Throws: `ProviderError` when the answer is not a video or breaks off, or what `consume` throws.
    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws

    /// Streams a still image that the provider made of a finished video.
    ///
    /// - Throws: `ProviderError`, of class `permanentRequest` where the dialect has no such image, or what `consume`
    ///   throws.
    func downloadImage(
        _ kind: AssetImage.Kind, of job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws
}

extension VideoProvider {
    /// Jobs are listed from their creation on.
    package var listingLagMilliseconds: Int64 { 0 }

    /// There are no images.
    package func downloadImage(
        _ kind: AssetImage.Kind, of job: ProviderJobID, consume: (DownloadEvent) async throws -> Void
    ) async throws {
        throw ProviderError(ProviderFault(.permanentRequest, message: "the dialect has no images"))
    }
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
    /// What the route sends with each create besides, by the provider's names; never a name that the adapter sets.
    package let parameters: [String: RouteParameter]

    /// The attempt's name as providers see it.
    package var tag: AttemptTag { AttemptTag(task: task, number: attempt) }

    /// A request from its parts.
    package init(
        task: TaskID, attempt: Int, model: String, prompt: String, seconds: Int, size: String, deadline: Timestamp,
        parameters: [String: RouteParameter] = [:]
    ) {
        self.parameters = parameters
        self.task = task
        self.attempt = attempt
        self.model = model
        self.prompt = prompt
        self.seconds = seconds
        self.size = size
        self.deadline = deadline
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
