package import RushesCore
package import RushesEngine
import Testing

/// A provider as the conformance suite uses it: it speaks to a sandbox that follows the `[sim:...]` markers.
package struct ProviderUnderTest: Sendable {
    /// The adapter.
    package let provider: any VideoProvider
    /// The provider's name of a model that the sandbox has.
    package let model: String
    /// A length that the model takes, in seconds.
    package let seconds: Int
    /// A size that the model takes.
    package let size: String
    /// Waits and time.
    package let environment: Environment
    /// What its listing shows.
    package let listing: Listing
    /// Whether the dialect has words for the status of a job.
    package let hasStatusWords: Bool
    /// Whether the dialect has images of finished videos.
    package let hasImages: Bool
    /// A name that no job has.
    package let unknownJob: ProviderJobID

    /// What a listing shows.
    package enum Listing: Sendable {
        /// Every job from its creation on, with what was asked for.
        case jobs
        /// Finished videos, with the attempts that they belong to.
        case finished
        /// There is none.
        case none
    }

    /// A provider from its parts.
    package init(
        provider: any VideoProvider, model: String, seconds: Int, size: String, environment: Environment,
        listing: Listing = .jobs, hasStatusWords: Bool = true, hasImages: Bool = false,
        unknownJob: ProviderJobID = ProviderJobID("video_0")
    ) {
        self.listing = listing
        self.hasStatusWords = hasStatusWords
        self.hasImages = hasImages
        self.unknownJob = unknownJob
        self.provider = provider
        self.model = model
        self.seconds = seconds
        self.size = size
        self.environment = environment
    }
}

/// What every adapter of the `VideoProvider` port does; run each case on an empty sandbox of its own.
package enum VideoProviderConformance {
    /// All rules.
    package static var cases: [ConformanceCase<ProviderUnderTest>] {
        [
            ConformanceCase("an accepted job completes and gives a playable video of the announced length") { subject in
                let job = try await subject.accept("A red kite over a salt flat")
                try await subject.expectEnd(of: job) { $0 == .completed }
                let video = try await subject.download(job)
                try video.inspector.finish()
                #expect(video.announced == Int64(video.bytes))
            },
            ConformanceCase("a finished video has its images, or the dialect has none") { subject in
                let job = try await subject.accept("A lighthouse at night")
                try await subject.expectEnd(of: job) { $0 == .completed }
                for kind in AssetImage.Kind.allCases {
                    if subject.hasImages {
                        #expect(ImageFormat(try await subject.image(kind, of: job)) != nil)
                    } else {
                        let error = await #expect(throws: ProviderError.self) {
                            _ = try await subject.image(kind, of: job)
                        }
                        #expect(error?.fault.class == .permanentRequest)
                    }
                }
            },
            ConformanceCase("a job that is not ready has no content, which says nothing about its end") { subject in
                let job = try await subject.accept("A slow dolly shot [sim:slow=60]")
                guard case .running(_, unfamiliarStatus: nil) = await subject.provider.poll(job) else {
                    Issue.record("the job is not running")
                    return
                }
                let error = await #expect(throws: ProviderError.self) { try await subject.download(job) }
                #expect(error?.fault.class == .transient)
            },
            ConformanceCase("the provider's own failure is final") { subject in
                let job = try await subject.accept("A storm [sim:fail]")
                try await subject.expectEnd(of: job) { $0.failedClass == .permanentGeneration }
            },
            ConformanceCase("moderation is told apart") { subject in
                let job = try await subject.accept("Something forbidden [sim:moderation]")
                try await subject.expectEnd(of: job) { $0.failedClass == .moderated }
            },
            ConformanceCase("a passing trouble of the provider is worth another generation") { subject in
                let job = try await subject.accept("A glitch [sim:500]")
                try await subject.expectEnd(of: job) { $0.failedClass == .transient }
            },
            ConformanceCase("an unknown status is a running job, and is named") { subject in
                let job = try await subject.accept("A mystery [sim:unknown-status]")
                try await subject.expectEnd(of: job) { outcome in
                    guard case .running(_, let unfamiliar) = outcome else { return false }
                    return subject.hasStatusWords ? unfamiliar != nil : true
                }
            },
            ConformanceCase("a throttled create was not accepted, and its wish to wait is heard") { subject in
                guard case .notAccepted(let fault) = await subject.submit("A crowd [sim:429]") else {
                    Issue.record("the create was accepted")
                    return
                }
                #expect(fault.class == .rateLimited && fault.retryAfterMilliseconds == 1_000)
                guard subject.listing != .none else { return }
                let jobs = try await subject.list(sinceSecondsAgo: 60)
                #expect(jobs.isEmpty)
            },
            ConformanceCase("a refused request was not accepted") { subject in
                guard case .notAccepted(let fault) = await subject.submit("A kite", seconds: 5) else {
                    Issue.record("five seconds were accepted")
                    return
                }
                #expect(fault.class == .permanentRequest)
            },
            ConformanceCase("a model that is gone is retired") { subject in
                guard case .notAccepted(let fault) = await subject.submit("A kite", model: "no-such-model") else {
                    Issue.record("an unknown model was accepted")
                    return
                }
                #expect(fault.class == .retired)
            },
            ConformanceCase("a create whose answer is lost has an unknown outcome and is found in the listing") {
                subject in
                let submission = subject.submission("Naïve “quotes” & 日本 [sim:drop]")
                guard case .unknown = await subject.provider.submit(submission) else {
                    Issue.record("the outcome is known")
                    return
                }
                guard let job = try await subject.listed(1)?.first else { return }
                #expect(job.isTold)
                switch subject.listing {
                case .jobs:
                    #expect(job.prompt == submission.prompt && job.model == subject.model)
                    #expect(job.seconds == subject.seconds && job.size == subject.size)
                case .finished:
                    #expect(job.attempt == submission.tag)
                case .none:
                    Issue.record("there was a listing")
                }
                let id = try #require(job.id)
                try await subject.expectEnd(of: id) { $0 == .completed }
                let video = try await subject.download(id)
                try video.inspector.finish()
            },
            ConformanceCase("a listing has every job since a moment, over its pages, and none twice") { subject in
                var accepted: Set<ProviderJobID> = []
                var attempts: Set<AttemptTag> = []
                for number in 1...103 {
                    let submission = subject.submission("Kite \(number)")
                    accepted.insert(try await subject.accept(submission))
                    attempts.insert(submission.tag)
                }
                guard let jobs = try await subject.listed(103) else { return }
                switch subject.listing {
                case .jobs: #expect(Set(jobs.compactMap(\.id)) == accepted)
                case .finished: #expect(Set(jobs.compactMap(\.attempt)) == attempts)
                case .none: Issue.record("there was a listing")
                }
                let later = try await subject.list(sinceSecondsAgo: -60)
                #expect(later.isEmpty)
            },
            ConformanceCase("a job that nobody knows is lost") { subject in
                guard case .lost = await subject.provider.poll(subject.unknownJob) else {
                    Issue.record("an unknown job was found")
                    return
                }
                let error = await #expect(throws: ProviderError.self) {
                    try await subject.download(subject.unknownJob)
                }
                #expect(error?.fault.class == .lost)
            },
            ConformanceCase("a download that breaks off is an error") { subject in
                let job = try await subject.accept("A cut [sim:truncated]")
                try await subject.expectEnd(of: job) { $0 == .completed }
                let error = await #expect(throws: ProviderError.self) { try await subject.download(job) }
                #expect(error?.fault.class == .transient)
            },
            ConformanceCase("content that is no video is given as it is, for the inspector to find") { subject in
                let job = try await subject.accept("Noise [sim:corrupt]")
                try await subject.expectEnd(of: job) { $0 == .completed }
                let video = try await subject.download(job)
                #expect(throws: MP4Defect.noFileType) { try video.inspector.finish() }
            },
        ]
    }
}

/// What a download gave.
private struct DownloadedVideo {
    var announced: Int64?
    var bytes = 0
    var inspector = MP4Inspector()
}

extension PollOutcome {
    fileprivate var failedClass: ProviderFault.Class? {
        if case .failed(let fault) = self { fault.class } else { nil }
    }
}

extension ProviderUnderTest {
    fileprivate func submission(_ prompt: String, model: String? = nil, seconds: Int? = nil) -> Submission {
        let now = environment.now()
        let task = TaskID(at: now, randomHigh: 0, randomLow: environment.random.next())
        return Submission(
            task: task, attempt: 1, model: model ?? self.model, prompt: prompt, seconds: seconds ?? self.seconds,
            size: size, deadline: now.adding(seconds: 120))
    }

    fileprivate func submit(_ prompt: String, model: String? = nil, seconds: Int? = nil) async -> SubmitOutcome {
        await provider.submit(submission(prompt, model: model, seconds: seconds))
    }

    fileprivate func accept(_ prompt: String) async throws -> ProviderJobID {
        try await accept(submission(prompt))
    }

    fileprivate func accept(_ submission: Submission) async throws -> ProviderJobID {
        let outcome = await provider.submit(submission)
        guard case .accepted(let job, _) = outcome else { throw Unexpected(what: "\(outcome)") }
        return job
    }

    /// Polls until the outcome fits; a suite that waits 30 seconds has failed.
    fileprivate func expectEnd(of job: ProviderJobID, _ fits: (PollOutcome) -> Bool) async throws {
        for _ in 0..<600 {
            let outcome = await provider.poll(job)
            if fits(outcome) { return }
            guard case .running = outcome else { throw Unexpected(what: "\(outcome)") }
            try await environment.sleep(50)
        }
        throw Unexpected(what: "no end within 30 seconds")
    }

    @discardableResult
    fileprivate func download(_ job: ProviderJobID) async throws -> DownloadedVideo {
        var video = DownloadedVideo()
        try await provider.download(job) { event in
            switch event {
            case .began(let contentLength):
                video.announced = contentLength
            case .bytes(let bytes):
                video.bytes += bytes.count
                video.inspector.consume(bytes)
            }
        }
        return video
    }

    fileprivate func image(_ kind: AssetImage.Kind, of job: ProviderJobID) async throws -> [UInt8] {
        var content: [UInt8] = []
        try await provider.downloadImage(kind, of: job) { event in
            if case .bytes(let bytes) = event { content += bytes }
        }
        return content
    }

    /// The listing once it has so many jobs; nil, after a look that it says so, for a provider that has none.
    fileprivate func listed(_ count: Int) async throws -> [ListedJob]? {
        if listing == .none {
            let error = await #expect(throws: ProviderError.self) { try await list(sinceSecondsAgo: 60) }
            #expect(error?.fault.class == .permanentRequest)
            return nil
        }
        for _ in 0..<600 {
            // A busy machine takes minutes to make a hundred of them.
            let jobs = try await list(sinceSecondsAgo: 600)
            // What a listing of finished videos does not show yet, one of jobs never will.
            if jobs.count >= count || listing == .jobs {
                #expect(jobs.count == count && Set(jobs.map(\.id)).count == count)
                return jobs
            }
            try await environment.sleep(50)
        }
        throw Unexpected(what: "the listing is not complete within 30 seconds")
    }

    fileprivate func list(sinceSecondsAgo seconds: Int) async throws -> [ListedJob] {
        try await provider.list(since: environment.now().adding(seconds: -seconds))
    }
}

private struct Unexpected: Error, CustomStringConvertible {
    let what: String
    var description: String { "unexpected: \(what)" }
}
