import Foundation

/// A create request that passed every check.
struct VideoRequest: Sendable {
    let model: UpstreamModel
    let prompt: String
    let seconds: Int
    let size: VideoSize
    var surface = VideoJob.Surface.openAI
    var storage: String?
    var operationParent: String?
    /// What came besides.
    var extras: ExtraParameters?
}

extension VideoRequest {
    /// The fields as they came, before any check: the same for both content types.
    struct Fields: Sendable {
        var prompt: String?
        var model: String?
        var seconds: String?
        var size: String?
    }

    /// Reads and checks a body; throws `OpenAIError` naming the first field that is wrong.
    init(body: Data, contentType: String) throws {
        if let boundary = MultipartForm.boundary(contentType: contentType) {
            guard let form = MultipartForm(body: body, boundary: boundary) else {
                throw OpenAIError.malformed("Could not parse the multipart form.")
            }
            try self.init(fields: try Fields(form: form))
        } else if contentType.split(separator: ";").first?.trimmingCharacters(in: .whitespaces).lowercased()
            == "application/json"
        {
            try self.init(fields: try Fields(json: body))
            let members = try? JSONDecoder().decode([String: ExtraParameters.Value].self, from: body)
            extras = members.map { ExtraParameters(in: $0, besides: Self.knownMembers) }
        } else {
            throw OpenAIError.unsupportedMediaType
        }
    }

    init(fields: Fields) throws {
        guard let prompt = fields.prompt else { throw OpenAIError.missing("prompt") }
        guard !prompt.isEmpty else { throw OpenAIError.invalidValue("prompt", "it must not be empty.") }
        let characters = prompt.unicodeScalars.count
        guard characters <= SandboxLimits.promptCharactersMax else {
            throw OpenAIError.invalidValue(
                "prompt", "\(characters) characters are more than \(SandboxLimits.promptCharactersMax).")
        }
        let modelID = fields.model ?? UpstreamModel.defaultID
        guard let model = UpstreamModel.named(modelID) else { throw OpenAIError.unknownModel(modelID) }
        let secondsText = fields.seconds ?? UpstreamModel.defaultSeconds
        guard model.secondsAllowed.contains(secondsText), let seconds = Int(secondsText) else {
            throw OpenAIError.invalidValue("seconds", Self.oneOf(model.secondsAllowed))
        }
        let sizeText = fields.size ?? UpstreamModel.defaultSize
        guard model.sizesAllowed.contains(sizeText), let size = VideoSize(wireText: sizeText) else {
            throw OpenAIError.invalidValue("size", Self.oneOf(model.sizesAllowed))
        }
        self.init(model: model, prompt: prompt, seconds: seconds, size: size)
    }

    private static let knownMembers: Set<String> = ["prompt", "model", "seconds", "size", "input_reference"]

    private static func oneOf(_ values: [String]) -> String {
        "supported values are " + values.map { "'\($0)'" }.joined(separator: ", ") + "."
    }
}

extension VideoRequest.Fields {
    fileprivate static let imageTypes = ["image/jpeg", "image/png", "image/webp"]

    /// Part order does not matter and text parts need no content type of their own.
    init(form: MultipartForm) throws {
        func text(_ name: String) throws -> String? {
            guard let part = form[name] else { return nil }
            guard let text = part.text else { throw OpenAIError.wrongType(name, expected: "UTF-8 text") }
            return text
        }
        if let image = form["input_reference"], !Self.imageTypes.contains(image.contentType?.lowercased() ?? "") {
            throw OpenAIError.invalidValue("input_reference", "send a JPEG, PNG or WebP file.")
        }
        self.init(
            prompt: try text("prompt"), model: try text("model"), seconds: try text("seconds"), size: try text("size"))
    }

    /// Strict about types, as the real API is: `"seconds": 4` is refused.
    init(json: Data) throws {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: json), case .object(let object) = value else {
            throw OpenAIError.malformed("Could not parse the JSON body of the request as an object.")
        }
        func text(_ name: String) throws -> String? {
            switch object[name] {
            case nil, .null: return nil
            case .string(let text): return text
            case .other, .object: throw OpenAIError.wrongType(name, expected: "a string")
            }
        }
        switch object["input_reference"] {
        case nil, .null: break
        case .object(let reference):
            guard (reference["image_url"] != nil) != (reference["file_id"] != nil) else {
                throw OpenAIError.invalidValue("input_reference", "give exactly one of 'image_url' and 'file_id'.")
            }
        case .string, .other: throw OpenAIError.wrongType("input_reference", expected: "an object")
        }
        self.init(
            prompt: try text("prompt"), model: try text("model"), seconds: try text("seconds"), size: try text("size"))
    }
}

/// As much of JSON as the checks need to tell apart.
private enum JSONValue: Decodable {
    case null
    case string(String)
    case object([String: JSONValue])
    case other

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let members = try? container.decode([String: JSONValue].self) {
            self = .object(members)
        } else {
            self = .other
        }
    }
}
