import RushesCore
import RushesEngine

/// Accepts every create, has finished at the first poll, and sends a video of three boxes: no delay of its own.
struct BenchProvider: VideoProvider {
    static func job(_ task: String) -> String { "video_\(task.dropFirst(4))" }

    func submit(_ submission: Submission) async -> SubmitOutcome {
        .accepted(ProviderJobID(Self.job(submission.task.rawValue)), pollAfterMilliseconds: 0)
    }

    func poll(_ job: ProviderJobID) async -> PollOutcome { .completed }

    func list(since: Timestamp) async throws(ProviderError) -> [ListedJob] { [] }

    func download(_ job: ProviderJobID, consume: (DownloadEvent) async throws -> Void) async throws {
        try await consume(.began(contentLength: Int64(Self.video.count)))
        try await consume(.bytes(Self.video))
    }

    private static let video: [UInt8] =
        box("ftyp", Array("isom".utf8) + [0, 0, 2, 0]) + box("moov", box("mvhd", [0, 0, 0, 0]) + box("trak", []))
        + box("mdat", [1, 2])

    private static func box(_ type: String, _ body: [UInt8]) -> [UInt8] {
        [0, 0, 0, UInt8(8 + body.count)] + Array(type.utf8) + body
    }
}
