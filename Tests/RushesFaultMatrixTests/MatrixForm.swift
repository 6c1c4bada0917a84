import RushesCore
import RushesSimulation

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The dialects that the matrix is played in: all of it in OpenAI's, a part in Veo's Gemini form.
enum MatrixForm: String, Sendable {
    case openAI, gemini

    /// What a request asks for.
    enum Question: Sendable {
        case create(MatrixProvider.Order)
        case list
        case poll(job: String)
        case content(job: String)
    }

    private static let operations = "models/veo/operations/"

    /// Reads a request; nil for one that no adapter makes.
    func question(method: String, uri: String, body: [UInt8]) -> Question? {
        let path = uri.split(separator: "?", maxSplits: 1)[0].split(separator: "/").map(String.init)
        switch self {
        case .openAI: return openAIQuestion(method, path, body)
        case .gemini: return geminiQuestion(method, path, body)
        }
    }

    private func openAIQuestion(_ method: String, _ path: [String], _ body: [UInt8]) -> Question? {
        switch (method, path.count) {
        case ("POST", 2):
            (try? JSONDecoder().decode(MatrixProvider.Order.self, from: Data(body))).map { .create($0) }
        case ("GET", 2): .list
        case ("GET", 3): .poll(job: MatrixProvider.plain(path[2]))
        case ("GET", 4): .content(job: MatrixProvider.plain(path[2]))
        default: nil  // anything else
        }
    }

    private func geminiQuestion(_ method: String, _ path: [String], _ body: [UInt8]) -> Question? {
        struct Body: Decodable {
            let instances: [Instance]
            struct Instance: Decodable { let prompt: String }
        }
        switch (method, path.count) {
        case ("POST", 3):
            let prompt = (try? JSONDecoder().decode(Body.self, from: Data(body)))?.instances.first?.prompt
            return prompt.map { .create(MatrixProvider.Order(model: "veo", prompt: $0, seconds: "4", size: "")) }
        case ("GET", 5): return .poll(job: path.dropFirst().joined(separator: "/"))
        case ("GET", 3): return .content(job: Self.operations + path[2].prefix { $0 != ":" })
        default: return nil  // anything else
        }
    }

    /// The name of the n-th job.
    func name(_ number: Int) -> String {
        switch self {
        case .openAI: "video_\(number)"
        case .gemini: Self.operations + "op\(number)"
        }
    }

    /// The answer to a create.
    func accepted(_ job: MatrixProvider.Job) -> String {
        switch self {
        case .openAI: job.openAI(status: "queued")
        case .gemini: "{\"name\":\"\(job.id)\"}"
        }
    }

    /// The answer to a poll of a finished job.
    func finished(_ job: MatrixProvider.Job, host: String) -> String {
        switch self {
        case .openAI: return job.openAI(status: "completed")
        case .gemini:
            let file = job.id.split(separator: "/").last ?? ""
            let video = "{\"video\":{\"uri\":\"http://\(host)/v1beta/files/\(file):download?alt=media\"}}"
            return "{\"name\":\"\(job.id)\",\"done\":true,"
                + "\"response\":{\"generateVideoResponse\":{\"generatedSamples\":[\(video)]}}}"
        }
    }

    /// The answer to a poll of a job that broke the rules of content.
    func moderated(_ job: String) -> String {
        switch self {
        case .openAI: "{\"id\":\"\(job)\",\"status\":\"failed\",\"error\":{\"code\":\"moderation_blocked\"}}"
        case .gemini:
            "{\"name\":\"\(job)\",\"done\":true,\"response\":{\"generateVideoResponse\":{\"raiMediaFilteredCount\":1}}}"
        }
    }

    /// The answer to a poll of a job that failed since too many run, with a wait of seven seconds.
    func throttled(_ job: String) -> String {
        switch self {
        case .openAI:
            return "{\"id\":\"\(job)\",\"status\":\"failed\",\"error\":{\"code\":\"rate_limit_exceeded\","
                + "\"message\":\"no\",\"headers\":{\"Retry-After\":\"7\"}}}"
        case .gemini:
            let details = "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"7s\"}]"
            return "{\"name\":\"\(job)\",\"done\":true,"
                + "\"error\":{\"code\":8,\"message\":\"no\",\"details\":\(details)}}"
        }
    }

    /// JSON whose members have other types than they should.
    var wrongTypes: String {
        switch self {
        case .openAI: "{\"id\":{\"text\":true},\"status\":7}"
        case .gemini: "{\"name\":{\"text\":true},\"done\":\"yes\"}"
        }
    }

    /// A refusal: OpenAI's by its code, Google's by the name of its status and a sentence.
    func refusal(_ status: String, code: String?, headers: [String] = []) -> Reply {
        switch self {
        case .openAI: return Reply(status, code: code, headers: headers)
        case .gemini:
            let number = status.prefix(3)
            let name = Self.googleNames[String(number)] ?? "INTERNAL"
            let words = code.flatMap { Self.googleWords[$0] } ?? "no"
            let body = "{\"error\":{\"code\":\(number),\"message\":\"\(words)\",\"status\":\"\(name)\"}}"
            return Reply(status, headers: headers, body: Array(body.utf8))
        }
    }

    private static let googleNames = [
        "400": "INVALID_ARGUMENT", "401": "UNAUTHENTICATED", "403": "PERMISSION_DENIED", "404": "NOT_FOUND",
        "409": "ABORTED", "429": "RESOURCE_EXHAUSTED", "500": "INTERNAL", "503": "UNAVAILABLE",
        "504": "DEADLINE_EXCEEDED",
    ]
    private static let googleWords = [
        "content_policy_violation": "The prompt violates our usage guidelines. Support codes: 61493863",
        "insufficient_quota": "The project has reached its monthly spend limit.",
    ]
}
