package import RushesCore
import RushesEngine

extension OpenAIVideosProvider {
    package func poll(_ job: ProviderJobID) async -> PollOutcome {
        do {
            return outcome(of: try await exchange.read(request(path(of: job))))
        } catch {
            return .unavailable(error.fault)
        }
    }

    private func outcome(of answer: ProviderAnswer) -> PollOutcome {
        guard answer.status == 200 else {
            let fault = answer.openAIFault(on: .job, now: exchange.environment.now())
            return .unanswered(fault)
        }
        guard let video = answer.decode(OpenAIVideo.self), video.id != nil, let status = video.status else {
            return .unavailable(ProviderFault(.unknown, message: "the answer to a poll cannot be read"))
        }
        switch OpenAIJobStatus(word: status) {
        case .running:
            return .running(pollAfterMilliseconds: answer.openAIPollAfterMilliseconds, unfamiliarStatus: nil)
        case .completed:
            return .completed
        case .failed:
            let code = video.error?.code ?? (status == "failed" ? nil : status)
            let now = exchange.environment.now()
            let message = video.error?.message ?? "the provider's job ended as \(status)"
            return .failed(
                ProviderRefusal(
                    .openAI, .generation, codes: [code], message: String(message.prefix(400)),
                    retryAfterMilliseconds: video.error?.retryAfter(now: now) ?? answer.retryAfter(now: now)
                ).fault)
        case nil:
            return .running(
                pollAfterMilliseconds: answer.openAIPollAfterMilliseconds,
                unfamiliarStatus: String(status.prefix(64)))
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
        case "queued", "in_progress", "processing", "pending", "running", "submitted", "in_queue", "created",
            "not_start", "not_started", "starting", "started", "preparing", "generating", "rendering", "scheduled",
            "waiting":
            self = .running
        case "completed", "succeeded", "success", "complete", "done", "finished": self = .completed
        case "failed", "failure", "fail", "error", "cancelled", "canceled", "expired", "rejected", "timeout",
            "timed_out":
            self = .failed
        default: return nil
        }
    }
}
