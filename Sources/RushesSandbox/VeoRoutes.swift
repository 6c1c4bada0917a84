import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Veo in its two forms: `:predictLongRunning`, operations, and the Gemini form's files.
struct VeoRoutes: Sendable {
    let sandbox: Sandbox

    /// The Gemini Developer API.
    func addGemini(to group: RouterGroup<SandboxContext>) {
        group.post("v1beta/models/{model}:predictLongRunning") { request, context in
            let model = try context.parameters.require("model")
            return try await create(request, context, model: model, .gemini, parent: "models/\(model)")
        }
        group.get("v1beta/models/{model}/operations/{id}") { _, context in
            sandbox.count(.poll)
            let (model, id) = (try context.parameters.require("model"), try context.parameters.require("id"))
            return try await operation(id, .gemini, parent: "models/\(model)", base: "")
        }
        // The SDK puts a whole address behind `files/` when it is not an HTTPS one.
        group.get("v1beta/files/**", use: file)
    }

    /// Vertex AI; its SDK says `v1beta1` where its pages say `v1`.
    func addVertex(to group: RouterGroup<SandboxContext>) {
        for version in ["v1", "v1beta1"] {
            let resource = "\(version)/projects/{project}/locations/{location}/publishers/google/models/{model}"
            group.post("\(resource):predictLongRunning") { request, context in
                let model = try context.parameters.require("model")
                return try await create(request, context, model: model, .vertex, parent: try Self.parent(context))
            }
            group.post("\(resource):fetchPredictOperation") { request, context in
                sandbox.count(.poll)
                let body = try JSONDecoder().decode(Fetch.self, from: try await Self.body(of: request))
                let parts = body.operationName.split(separator: "/operations/")
                let parent = try Self.parent(context)
                guard parts.count == 2, parts[0] == parent else {
                    throw GoogleRefusal.unknown("Operation \(body.operationName)")
                }
                return try await operation(String(parts[1]), .vertex, parent: parent, base: "")
            }
        }
    }

    private struct Fetch: Decodable {
        let operationName: String
    }

    private static func parent(_ context: SandboxContext) throws -> String {
        let parameters = context.parameters
        return "projects/\(try parameters.require("project"))/locations/\(try parameters.require("location"))"
            + "/publishers/google/models/\(try parameters.require("model"))"
    }

    private func create(
        _ request: Request, _ context: SandboxContext, model: String, _ surface: VideoJob.Surface, parent: String
    ) async throws -> Response {
        let body = try await Self.body(of: request)
        let video = try VideoRequest(veo: body, model: model, surface: surface, parent: parent)
        let job = try await sandbox.create(video, request, context)
        return try Response.json(VeoOperationAnswer(name: "\(parent)/operations/\(job.id)"))
    }

    private func operation(
        _ id: String, _ surface: VideoJob.Surface, parent: String, base: String
    ) async throws -> Response {
        guard let record = sandbox.record(id, surface), record.job.operationParent == parent else {
            throw GoogleRefusal.unknown("Operation \(parent)/operations/\(id)")
        }
        let now = sandbox.clock.now()
        let job = record.job
        var answer = VeoOperationAnswer(name: "\(parent)/operations/\(id)")
        guard job.hasEnded(at: now) else { return try Response.json(answer) }
        answer.done = true
        switch job.ending {
        case .completed: try await answer.succeed(record, sandbox)
        case .moderationBlocked: answer.filter(surface)
        case .generationFailed:
            answer.fail(code: job.failureCode.flatMap { Int($0) } ?? 2, "The video could not be generated.")
        case .serverError: answer.fail(code: 13, "Internal error while generating the video.")
        case .neverEnds, .pausedUpstream, .vanishes: answer.done = nil
        }
        return try Response.json(answer)
    }

    /// A file's bytes with `:download`, else its description.
    private func file(_ request: Request, _ context: SandboxContext) async throws -> Response {
        let last = request.uri.path.split(separator: "/").last.map(String.init) ?? ""
        let parts = last.split(separator: ":", maxSplits: 1).map(String.init)
        guard let id = parts.first, let record = sandbox.record(id, .gemini) else {
            throw GoogleRefusal.unknown("File \(last)")
        }
        let now = sandbox.clock.now()
        guard record.job.state(at: now).status == .completed, let expiresAt = record.job.contentExpiresAt(),
            now < expiresAt
        else { throw GoogleRefusal.unknown("File files/\(id)") }
        guard parts.count == 2 else {
            return try Response.json(["name": "files/\(id)", "mimeType": "video/mp4", "state": "ACTIVE"])
        }
        sandbox.count(.download)
        return Response(
            status: .ok, headers: [.contentType: "video/mp4"],
            body: try await sandbox.body(of: record, .video, context))
    }

    static func body(of request: Request) async throws -> Data {
        do {
            return Data(try await request.body.collect(upTo: SandboxLimits.bodyBytesMax).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw GoogleRefusal.invalid("Request payload size exceeds the limit.")
        }
    }
}
