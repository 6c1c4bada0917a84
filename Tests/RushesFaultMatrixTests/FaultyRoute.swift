import RushesCore
import RushesEngine

/// The real adapter, to the provider, and to an address at which the call that meets its fault cannot arrive.
struct FaultyRoute: VideoProvider {
    let right: any VideoProvider
    /// Nil for faults that the provider itself plays.
    let broken: (any VideoProvider)?
    /// With little patience, for the downloads that meet a silence: the only ones that are waited for in real time.
    let hurried: any VideoProvider
    let provider: MatrixProvider

    func submit(_ submission: Submission) async -> SubmitOutcome {
        await route(.submit, isMarked: submission.prompt == MatrixProvider.prompts[0]).submit(submission)
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome {
        await route(.poll, isMarked: provider.isMarked(job.rawValue)).poll(job)
    }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] { try await right.list(since: since) }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        let isMarked = provider.isMarked(job.rawValue)
        let meetsSilence = provider.isAboutToBeSilent(.content, isMarked: isMarked)
        let route = meetsSilence ? hurried : route(.content, isMarked: isMarked)
        try await route.download(job, consume: consume)
    }

    private func route(_ call: MatrixCall, isMarked: Bool) -> any VideoProvider {
        guard let broken, provider.meetsFault(call, isMarked: isMarked) else { return right }
        return broken
    }
}
