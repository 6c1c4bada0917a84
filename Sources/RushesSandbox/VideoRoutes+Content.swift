import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

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
        let headers: HTTPFields = [.contentType: rendition.contentType]
        guard let clip = record.clip else {
            return Response(status: .ok, headers: headers, body: Self.corruptBody)
        }
        let file = try await file(clip, rendition)
        let body: ResponseBody =
            switch record.job.content {
            case .truncated: try await truncatedBody(file)
            case .whole, .corrupt: try await FileIO().loadFile(path: file.path, context: context)
            }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func file(_ clip: Clip, _ rendition: Clip.Rendition) async throws -> ClipRenderer.File {
        do {
            return try await sandbox.renderer.file(clip, rendition)
        } catch ClipRenderer.Failure.noFFmpeg {
            throw OpenAIError.server("This sandbox found no ffmpeg, so it cannot render the content. Install ffmpeg.")
        } catch {
            throw OpenAIError.server("The content could not be rendered.")
        }
    }

    /// Promises the whole length, sends half, and breaks the connection by failing in the middle.
    private func truncatedBody(_ file: ClipRenderer.File) async throws -> ResponseBody {
        let half = try await NIOThreadPool.singleton.runIfActive {
            ByteBuffer(bytes: try Data(contentsOf: URL(fileURLWithPath: file.path)).prefix(file.byteCount / 2))
        }
        return ResponseBody(contentLength: file.byteCount) { writer in
            try await writer.write(half)
            throw TruncatedOnPurpose()
        }
    }

    /// Says `video/mp4` and is none: no box, no `ftyp`.
    private static let corruptBody = ResponseBody(
        byteBuffer: ByteBuffer(repeating: UInt8(ascii: "x"), count: 48_000)
    )
}

private struct TruncatedOnPurpose: Error {}
