import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix

extension Sandbox {
    /// Accepts a create that passed its checks, or refuses it as its markers say; throws `SandboxRefusal`.
    func create(_ video: VideoRequest, _ request: Request, _ context: SandboxContext) async throws -> VideoJob {
        let origin = CreateOrigin(attemptHeader: request.headers[.attempt], prompt: video.prompt)
        let markers = PromptMarkers(prompt: video.prompt)
        let (decision, number) = store.admit(markers, task: origin.task)
        if case .refuse(let kind, let turn) = decision {
            if let turn { journal.note(.throttled(task: turn)) }
            throw kind.refusal(video.surface, model: video.model.id) ?? OpenAIError.server("No such refusal.")
        }
        let job = VideoJob(
            id: jobID(number, video.surface), request: video, markers: markers,
            deadline: request.headers[.deadline].flatMap(DeadlineHeader.parse), createdAt: clock.now(),
            speed: configuration.speed, seed: configuration.seed ?? 0)
        let isDropped = decision == .acceptAndDrop
        try await journal.append(.created(job: job, origin: origin, dropped: isDropped))
        if isDropped { try await context.channel.close().get() }
        return job
    }

    /// Google's names have lower-case letters and digits only.
    private func jobID(_ number: Int, _ surface: VideoJob.Surface) -> String {
        let (prefix, length) = surface == .openAI ? ("video_", 48) : ("", 24)
        guard let seed = configuration.seed else { return prefix + RandomHex.digits(length) }
        return prefix + Fingerprint.hex("\(seed):\(number)", length: length)
    }

    /// A job of a dialect by its identifier; nil when there is none, it was deleted, or it is one that vanishes.
    func record(_ id: String, _ surface: VideoJob.Surface) -> JobStore.Record? {
        guard let record = store.record(id), record.job.ending != .vanishes,
            (record.job.surface ?? .openAI) == surface
        else { return nil }
        return record
    }

    /// The bytes of a finished job as a body, whole or as its markers say.
    func body(
        of record: JobStore.Record, _ rendition: Clip.Rendition, _ context: SandboxContext
    ) async throws -> ResponseBody {
        switch (record.job.content, record.clip) {
        case (.empty, _), (.expired, _): return ResponseBody(byteBuffer: ByteBuffer())
        case (.corrupt, _), (_, nil): return Self.corruptBody
        case (.truncated, let clip?): return try await truncated(try await file(clip, rendition, record.job))
        case (.whole, let clip?):
            let file = try await file(clip, rendition, record.job)
            if let milliseconds = record.job.contentMilliseconds {
                return try await slow(file, milliseconds: milliseconds)
            }
            return try await FileIO().loadFile(path: file.path, context: context)
        }
    }

    /// The bytes of a finished job, for an answer that has them inside.
    func bytes(of record: JobStore.Record) async throws -> Data {
        switch (record.job.content, record.clip) {
        case (.empty, _), (.expired, _): return Data()
        case (.corrupt, _), (_, nil): return Data(repeating: UInt8(ascii: "x"), count: 48_000)
        case (.truncated, let clip?), (.whole, let clip?):
            let file = try await file(clip, .video, record.job)
            let whole = try await Self.read(file)
            return record.job.content == .truncated ? whole.prefix(whole.count / 2) : whole
        }
    }

    private func file(
        _ clip: Clip, _ rendition: Clip.Rendition, _ job: VideoJob
    ) async throws -> ClipRenderer.File {
        do {
            return try await renderer.file(clip, rendition)
        } catch {
            throw PlannedFault.Kind.serverError.refusal(job.surface ?? .openAI) ?? OpenAIError.server("No content.")
        }
    }

    private static func read(_ file: ClipRenderer.File) async throws -> Data {
        try await NIOThreadPool.singleton.runIfActive { try Data(contentsOf: URL(fileURLWithPath: file.path)) }
    }

    /// Promises the whole length, sends half, and breaks the connection by failing in the middle.
    private func truncated(_ file: ClipRenderer.File) async throws -> ResponseBody {
        let half = ByteBuffer(bytes: try await Self.read(file).prefix(file.byteCount / 2))
        return ResponseBody(contentLength: file.byteCount) { writer in
            try await writer.write(half)
            throw TruncatedOnPurpose()
        }
    }

    /// Sends the bytes in twenty pieces over the time.
    private func slow(_ file: ClipRenderer.File, milliseconds: UnixMilliseconds) async throws -> ResponseBody {
        let bytes = try await Self.read(file)
        let piece = max(bytes.count / 20, 1)
        return ResponseBody(contentLength: bytes.count) { writer in
            var rest = bytes[...]
            while !rest.isEmpty {
                try await writer.write(ByteBuffer(bytes: rest.prefix(piece)))
                rest = rest.dropFirst(piece)
                try await Task.sleep(for: .milliseconds(milliseconds / 20))
            }
            try await writer.finish(nil)
        }
    }

    /// Says `video/mp4` and is none: no box, no `ftyp`.
    private static let corruptBody = ResponseBody(
        byteBuffer: ByteBuffer(repeating: UInt8(ascii: "x"), count: 48_000)
    )
}

private struct TruncatedOnPurpose: Error {}
