package import RushesCore
import RushesEngine

extension OpenAIVideosProvider {
    package func poll(_ job: ProviderJobID) async -> PollOutcome {
        do {
            let answer = try await send(request(path(of: job)), within: connections.limits.readMilliseconds)
            return outcome(of: answer)
        } catch {
            return .unavailable(ProviderFault(connection: error))
        }
    }

    private func outcome(of answer: OpenAIAnswer) -> PollOutcome {
        guard answer.status == 200 else {
            let fault = answer.fault(on: .job, now: environment.now())
            return fault.class == .lost ? .lost(fault) : .unavailable(fault)
        }
        guard let video = answer.decode(OpenAIVideo.self), let status = video.status else {
            return .unavailable(ProviderFault(.unknown, message: "the answer to a poll cannot be read"))
        }
        switch OpenAIJobStatus(word: status) {
        case .running:
            return .running(pollAfterMilliseconds: answer.pollAfterMilliseconds, unfamiliarStatus: nil)
        case .completed:
            return .completed
        case .failed:
            let code = video.error?.code ?? (status == "failed" ? nil : status)
            let message = video.error?.message ?? "the provider's job ended as \(status)"
            return .failed(.classifyFailedJob(code: code, message: message))
        case nil:
            return .running(pollAfterMilliseconds: answer.pollAfterMilliseconds, unfamiliarStatus: status)
        }
    }
}

/// What the status words of the dialect and of its gateways mean.
enum OpenAIJobStatus {
    case running
    case completed
    case failed

    /// Nil for a word that we do not know.
    init?(word: String) {
        switch word.lowercased() {
        case "queued", "in_progress", "processing", "pending", "running": self = .running
        case "completed", "succeeded": self = .completed
        case "failed", "error", "cancelled", "canceled", "expired": self = .failed
        default: return nil
        }
    }
}
