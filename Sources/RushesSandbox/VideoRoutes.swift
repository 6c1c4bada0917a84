import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The routes under `/v1/videos`.
struct VideoRoutes: Sendable {
    let sandbox: Sandbox

    func add(to group: RouterGroup<SandboxContext>) {
        group.post("videos", use: create)
        group.get("videos", use: list)
        group.get("videos/{id}", use: get)
        group.get("videos/{id}/content", use: content)
        group.delete("videos/{id}", use: delete)
    }

    private func create(_ request: Request, _ context: SandboxContext) async throws -> Response {
        let body = try await Self.body(of: request)
        let video = try VideoRequest(body: body, contentType: request.headers[.contentType] ?? "")
        let job = try await sandbox.create(video, request, context)
        return try answer(job, at: job.createdAt)
    }

    private func get(_ request: Request, _ context: SandboxContext) async throws -> Response {
        sandbox.count(.poll)
        return try answer(try record(context).job, at: sandbox.clock.now())
    }

    private func list(_ request: Request, _ context: SandboxContext) async throws -> Response {
        sandbox.count(.list)
        let query = request.uri.queryParameters
        guard let limit = Int(query["limit"] ?? "\(SandboxLimits.listPageDefault)"),
            (0...SandboxLimits.listPageMax).contains(limit)
        else { throw OpenAIError.invalidValue("limit", "it must be 0 to \(SandboxLimits.listPageMax).") }
        let order = query["order"] ?? "desc"
        guard order == "asc" || order == "desc" else {
            throw OpenAIError.invalidValue("order", "it must be 'asc' or 'desc'.")
        }
        let after = query["after"].map(String.init)
        guard let page = sandbox.store.page(limit: limit, isDescending: order == "desc", after: after) else {
            throw OpenAIError.invalidValue("after", "no such video.")
        }
        let now = sandbox.clock.now()
        return try Response.json(
            VideoListAnswer(data: page.jobs.map { VideoAnswer($0, at: now) }, hasMore: page.hasMore))
    }

    private func delete(_ request: Request, _ context: SandboxContext) async throws -> Response {
        let job = try record(context).job
        guard job.hasEnded(at: sandbox.clock.now()) else { throw OpenAIError.stillRunning(job.id) }
        try await sandbox.journal.append(.deleted(id: job.id))
        return try Response.json(DeletionAnswer(id: job.id))
    }
}

extension VideoRoutes {
    /// The record that the path names; throws 404 when there is none.
    func record(_ context: SandboxContext) throws -> JobStore.Record {
        let id = try context.parameters.require("id")
        guard let record = sandbox.record(id, .openAI) else { throw OpenAIError.unknownVideo(id) }
        return record
    }

    private func answer(_ job: VideoJob, at now: UnixMilliseconds) throws -> Response {
        let hint = PollHint.milliseconds(job, at: now)
        return try Response.json(VideoAnswer(job, at: now), headers: [.pollAfterMilliseconds: String(hint)])
    }

    private static func body(of request: Request) async throws -> Data {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > SandboxLimits.bodyBytesMax {
            throw OpenAIError.bodyTooLarge
        }
        do {
            return Data(try await request.body.collect(upTo: SandboxLimits.bodyBytesMax).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw OpenAIError.bodyTooLarge
        }
    }
}
