import Foundation

extension VideoRequest {
    /// Reads and checks the body of `:predictLongRunning`; throws `GoogleRefusal`.
    init(veo body: Data, model id: String, surface: VideoJob.Surface, parent: String) throws {
        guard id.hasPrefix("veo"), let model = UpstreamModel.named(id) else { throw GoogleRefusal.unknownModel(id) }
        guard let body = try? JSONDecoder().decode(VeoBody.self, from: body) else {
            throw GoogleRefusal.invalid("Invalid JSON payload received.")
        }
        guard let prompt = body.instances.first?.prompt, !prompt.isEmpty else {
            throw GoogleRefusal.invalid("The prompt is missing or empty.")
        }
        guard prompt.unicodeScalars.count <= SandboxLimits.promptCharactersMax else {
            throw GoogleRefusal.invalid("The prompt is too long.")
        }
        let parameters = body.parameters ?? VeoBody.Parameters()
        let seconds = parameters.durationSeconds?.value ?? 8
        guard [4, 6, 8].contains(seconds) else { throw GoogleRefusal.invalid("durationSeconds must be 4, 6 or 8.") }
        guard (parameters.sampleCount ?? 1) == 1 else { throw GoogleRefusal.invalid("sampleCount must be 1.") }
        if surface == .gemini, parameters.storageUri != nil || parameters.generateAudio != nil {
            throw GoogleRefusal.invalid("storageUri and generateAudio are not supported by this API.")
        }
        if let storage = parameters.storageUri, !storage.hasPrefix("gs://") || storage.utf8.count < 6 {
            throw GoogleRefusal.invalid("storageUri must be a gs:// address.")
        }
        let size = try Self.size(parameters, seconds: seconds)
        self.init(
            model: model, prompt: prompt, seconds: seconds, size: size, surface: surface,
            storage: parameters.storageUri, operationParent: parent,
            extras: body.extras.map { ExtraParameters(in: $0, besides: VeoBody.Parameters.acted) })
    }

    private static func size(_ parameters: VeoBody.Parameters, seconds: Int) throws -> VideoSize {
        let resolution = parameters.resolution ?? "720p"
        let aspectRatio = parameters.aspectRatio ?? "16:9"
        let sides = ["720p": (1280, 720), "1080p": (1920, 1080), "4k": (3840, 2160)]
        guard let (long, short) = sides[resolution] else {
            throw GoogleRefusal.invalid("resolution must be 720p, 1080p or 4k.")
        }
        guard resolution == "720p" || seconds == 8 else {
            throw GoogleRefusal.invalid("resolution \(resolution) needs durationSeconds 8.")
        }
        guard aspectRatio == "16:9" || aspectRatio == "9:16" else {
            throw GoogleRefusal.invalid("aspectRatio must be 16:9 or 9:16.")
        }
        let text = aspectRatio == "16:9" ? "\(long)x\(short)" : "\(short)x\(long)"
        guard let size = VideoSize(wireText: text) else { throw GoogleRefusal.invalid("The size is not supported.") }
        return size
    }
}

/// As much of the body as the sandbox acts on.
private struct VeoBody: Decodable {
    let instances: [Instance]
    let parameters: Parameters?
    /// The parameters again, whatever they are.
    let extras: [String: ExtraParameters.Value]?

    private enum Key: String, CodingKey {
        case instances, parameters
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        instances = try fields.decode([Instance].self, forKey: .instances)
        parameters = try fields.decodeIfPresent(Parameters.self, forKey: .parameters)
        extras = try? fields.decodeIfPresent([String: ExtraParameters.Value].self, forKey: .parameters)
    }

    struct Instance: Decodable {
        let prompt: String?
    }

    struct Parameters: Decodable {
        var aspectRatio: String?
        var resolution: String?
        var durationSeconds: Number?
        var sampleCount: Int?
        var storageUri: String?
        var generateAudio: Bool?

        /// Those that decide what is made; whether it has sound is only told.
        static let acted: Set<String> = ["aspectRatio", "resolution", "durationSeconds", "sampleCount", "storageUri"]
    }

    /// Google's pages quote it, its SDK does not.
    struct Number: Decodable {
        let value: Int

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                value = number
            } else {
                value = Int(try container.decode(String.self)) ?? 0
            }
        }
    }
}
