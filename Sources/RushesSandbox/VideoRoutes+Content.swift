import HTTPTypes
import Hummingbird

extension VideoRoutes {
    /// `GET /v1/videos/{id}/content`: the bytes, streamed with their length.
    func content(_ request: Request, _ context: SandboxContext) async throws -> Response {
        sandbox.count(.download)
        let word = request.uri.queryParameters["variant"].map(String.init) ?? Clip.Rendition.video.rawValue
        guard let rendition = Clip.Rendition(rawValue: word) else {
            throw OpenAIError.invalidValue("variant", "it must be 'video', 'thumbnail' or 'spritesheet'.")
        }
        let record = try record(context)
        let now = sandbox.clock.now()
        guard record.job.state(at: now).status == .completed else { throw OpenAIError.notReady(record.job.id) }
        if let expiresAt = record.job.contentExpiresAt(), now >= expiresAt { throw OpenAIError.expired(record.job.id) }
        return Response(
            status: .ok, headers: [.contentType: rendition.contentType],
            body: try await sandbox.body(of: record, rendition, context))
    }
}
