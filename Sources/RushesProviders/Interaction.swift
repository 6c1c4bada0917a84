import RushesCore
import RushesEngine

/// The body of a create at the Interactions API.
struct InteractionRequest: Encodable {
    let model: String
    let input: String
    let background = true
    let modalities = ["video"]
    let format: Format
    let configuration = Configuration()
    let labels: [String: String]

    struct Format: Encodable {
        let type = "video"
        let aspectRatio: String
        let resolution: String
        /// A text such as `8s`.
        let duration: String
        let delivery = "uri"

        private enum CodingKeys: String, CodingKey {
            case type, resolution, duration, delivery
            case aspectRatio = "aspect_ratio"
        }
    }

    struct Configuration: Encodable {
        let video = ["task": "text_to_video"]

        private enum CodingKeys: String, CodingKey {
            case video = "video_config"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case model, input, background, labels
        case modalities = "response_modalities"
        case format = "response_format"
        case configuration = "generation_config"
    }

    /// Nil for a size that the service does not make.
    init?(_ submission: Submission) {
        guard let veo = VeoFormat(size: submission.size) else { return nil }
        model = submission.model
        input = submission.prompt
        format = Format(
            aspectRatio: veo.aspectRatio, resolution: veo.resolution, duration: "\(submission.seconds)s")
        labels = ["rushes_attempt": submission.tag.description]
    }
}

/// An interaction as the service describes it.
struct Interaction: Decodable {
    let id: String?
    let status: String?
    let outputVideo: Content?
    let steps: [Step]?
    let errors: [GoogleError]?

    struct Step: Decodable {
        let type: String?
        let content: [Content]?
    }

    struct Content: Decodable {
        let type: String?
        let uri: String?
        let data: String?
    }

    private enum CodingKeys: String, CodingKey {
        case id, status, steps, errors
        case outputVideo = "output_video"
    }

    var job: ProviderJobID? {
        guard let id, !id.isEmpty, id.utf8.count <= 256 else { return nil }
        return ProviderJobID(id)
    }

    /// How it stands.
    enum Ending {
        /// Not finished; a word that we do not know is also this.
        case running(unfamiliarStatus: String?)
        case video(VeoVideo)
        case failed(ProviderFault)
    }

    var ending: Ending {
        switch status {
        case "queued", "in_progress": .running(unfamiliarStatus: nil)
        case "completed": video.map { .video($0) } ?? failed(ProviderWord.nothing, "completed without a video")
        case "failed", "cancelled", "incomplete", "requires_action", "budget_exceeded", "requires_continuation":
            failed(status ?? "", "the interaction ended as \(status ?? "")")
        default: .running(unfamiliarStatus: String((status ?? "no status").prefix(64)))
        }
    }

    private var video: VeoVideo? {
        let outputs = (steps ?? []).filter { $0.type == "model_output" }.flatMap { $0.content ?? [] }
        for content in [outputVideo].compactMap(\.self) + outputs where content.type == nil || content.type == "video" {
            if let uri = content.uri, !uri.isEmpty { return .address(uri) }
            if let data = content.data, !data.isEmpty { return .inline(data) }
        }
        return nil
    }

    /// The service's own error says more than the status.
    private func failed(_ word: String, _ words: String) -> Ending {
        let error = errors?.first
        let message = (error?.message ?? words).prefix(ProviderAnswer.messageCharactersMax)
        return .failed(
            ProviderRefusal(
                .interactions, .generation, codes: (error?.codes ?? []) + [word], message: String(message)
            ).fault)
    }
}
