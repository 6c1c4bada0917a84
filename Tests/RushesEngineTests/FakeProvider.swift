import RushesCore
import RushesEngine
import RushesTesting
import Synchronization

/// A provider whose answers a test writes; without a script it accepts everything and every job ends at its first poll.
final class FakeProvider: VideoProvider {
    /// What happens at a create.
    enum Answer: Sendable {
        case accept
        /// The caller hears nothing; there is a job or there is none.
        case drop(makesJob: Bool)
        case refuse(ProviderFault)
    }

    struct Script: Sendable {
        /// The answer to the n-th create (from 1) of a task.
        var submit: @Sendable (_ submission: Submission, _ number: Int) -> Answer = { _, _ in .accept }
        /// The answer to a poll of a job whose submission this was.
        var poll: @Sendable (Submission) -> PollOutcome = { _ in .completed }
        /// The answer to a poll of a job, instead of the one by its submission.
        var pollJob: (@Sendable (Job) -> PollOutcome)?
        /// The bytes of the n-th download (from 1) of a job.
        var video: @Sendable (_ submission: Submission, _ number: Int) -> [UInt8] = { _, _ in FakeProvider.video }
        /// What a download says instead of a video.
        var contentFault: ProviderFault?
        /// What a download of an image gives; a provider has none unless a test says so.
        var image: @Sendable (AssetImage.Kind) throws -> [UInt8] = { _ in
            throw ProviderError(ProviderFault(.permanentRequest, message: "no images"))
        }
        /// What the provider says about the first poll, in milliseconds.
        var pollAfter: Int64? = 1_000
        /// True when the listing cannot be had.
        var listFails = false
        /// False when the names in the listing cannot be used.
        var namesListedJobs = true
        /// True when there is no listing at all.
        var hasNoListing = false
        /// When a listing shows a job, and by which name: at once and by its prompt, or later and by its attempt.
        var listingLagMilliseconds: Int64 = 0
    }

    struct Job: Sendable {
        let id: ProviderJobID
        let submission: Submission
        let createdAt: Timestamp
    }

    fileprivate struct State {
        var script = Script()
        var submissions: [Submission] = []
        var jobs: [Job] = []
        var ended: Set<ProviderJobID> = []
        var downloads: [ProviderJobID: Int] = [:]
        var polls = 0
        var peak = 0
        var peakOfPrompts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let clock: TestClock

    init(clock: TestClock) { self.clock = clock }

    /// Changes what happens from now on.
    func script(_ change: (inout Script) -> Void) { state.withLock { change(&$0.script) } }

    /// Creates so far, in order.
    var submissions: [Submission] { state.withLock { $0.submissions } }
    /// Jobs so far, in order.
    var jobs: [Job] { state.withLock { $0.jobs } }
    /// Polls so far.
    var polls: Int { state.withLock { $0.polls } }
    /// Downloads so far, also those that failed.
    var downloads: Int { state.withLock { $0.downloads.values.reduce(0, +) } }
    /// Most jobs at the same time.
    var peak: Int { state.withLock { $0.peak } }
    /// Most jobs at the same time whose prompt has this first word.
    func peak(of word: String) -> Int { state.withLock { $0.peakOfPrompts[word] ?? 0 } }

    func submit(_ submission: Submission) async -> SubmitOutcome {
        state.withLock { state in
            state.submissions.append(submission)
            let number = state.submissions.count { $0.task == submission.task }
            switch state.script.submit(submission, number) {
            case .accept:
                return .accepted(state.make(submission, at: clock.now), pollAfterMilliseconds: state.script.pollAfter)
            case .drop(let makesJob):
                if makesJob { _ = state.make(submission, at: clock.now) }
                return .unknown(ProviderFault(.timeout, message: "no answer"))
            case .refuse(let fault): return .notAccepted(fault)
            }
        }
    }

    func poll(_ id: ProviderJobID) async -> PollOutcome {
        state.withLock { state in
            state.polls += 1
            guard let job = state.jobs.first(where: { $0.id == id }) else {
                return .lost(ProviderFault(.lost, message: "unknown job"))
            }
            let outcome = state.script.pollJob?(job) ?? state.script.poll(job.submission)
            switch outcome {
            case .completed, .failed, .lost: state.ended.insert(id)
            case .running, .unavailable: break
            }
            return outcome
        }
    }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] {
        let (script, jobs) = state.withLock { ($0.script, $0.jobs) }
        if script.listFails { throw ProviderError(ProviderFault(.transient, message: "no listing")) }
        if script.hasNoListing { throw ProviderError(ProviderFault(.permanentRequest, message: "no listing")) }
        if script.listingLagMilliseconds > 0 { return finished(jobs, script.listingLagMilliseconds) }
        return jobs.filter { $0.createdAt >= since }.map { job in
            ListedJob(
                id: script.namesListedJobs ? job.id : nil, createdAt: job.createdAt, model: job.submission.model,
                prompt: job.submission.prompt,
                seconds: job.submission.seconds, size: job.submission.size)
        }
    }

    var listingLagMilliseconds: Int64 { state.withLock { $0.script.listingLagMilliseconds } }

    /// As a bucket shows videos: when they are finished, after half of the lag, by their attempts alone.
    private func finished(_ jobs: [Job], _ lag: Int64) -> [ListedJob] {
        jobs.compactMap { job in
            let finishedAt = job.createdAt.adding(milliseconds: lag / 2)
            guard finishedAt <= clock.now else { return nil }
            return ListedJob(
                id: job.id, createdAt: finishedAt, model: nil, prompt: nil, seconds: nil, size: nil,
                attempt: job.submission.tag)
        }
    }

    func download(_ id: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        let video = try state.withLock { state in
            guard let job = state.jobs.first(where: { $0.id == id }) else {
                throw ProviderError(ProviderFault(.lost, message: "unknown job"))
            }
            state.downloads[id, default: 0] += 1
            if let fault = state.script.contentFault { throw ProviderError(fault) }
            return state.script.video(job.submission, state.downloads[id] ?? 0)
        }
        try await consume(.began(contentLength: Int64(video.count)))
        try await consume(.bytes(video))
    }

    func downloadImage(
        _ kind: AssetImage.Kind, of job: ProviderJobID, consume: (DownloadEvent) async throws -> Void
    ) async throws {
        let image = try state.withLock { try $0.script.image(kind) }
        try await consume(.began(contentLength: Int64(image.count)))
        try await consume(.bytes(image))
    }

    /// The smallest file that passes as a playable MP4.
    static let video: [UInt8] = SimulatedBox.video
}

extension FakeProvider.State {
    fileprivate mutating func make(_ submission: Submission, at now: Timestamp) -> ProviderJobID {
        let id = ProviderJobID("job-\(jobs.count + 1)")
        jobs.append(FakeProvider.Job(id: id, submission: submission, createdAt: now))
        let open = jobs.filter { !ended.contains($0.id) }
        peak = max(peak, open.count)
        for (word, jobs) in Dictionary(grouping: open, by: { $0.submission.prompt.prefix { $0 != " " } }) {
            peakOfPrompts[String(word)] = max(peakOfPrompts[String(word)] ?? 0, jobs.count)
        }
        return id
    }
}

private enum SimulatedBox {
    static let video: [UInt8] =
        box("ftyp", Array("isom".utf8) + [0, 0, 2, 0]) + box("moov", box("mvhd", [0, 0, 0, 0]) + box("trak", []))
        + box("mdat", [1, 2])

    private static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(8 + body.count)] + Array(type.utf8) + body
    }
}

extension PollOutcome {
    /// Not finished.
    static let working = PollOutcome.running(pollAfterMilliseconds: 1_000, unfamiliarStatus: nil)

    /// The provider gave up.
    static func gaveUp(_ class: ProviderFault.Class) -> PollOutcome {
        .failed(ProviderFault(`class`, message: "scripted"))
    }
}
