import Foundation

/// An operation on the wire: `done` is absent while it runs, then there is exactly one of `error` and `response`.
struct VeoOperationAnswer: Encodable, Sendable {
    let name: String
    var done: Bool?
    var error: Failure?
    var response: Response?

    struct Failure: Encodable, Sendable {
        let code: Int
        let message: String
    }

    struct Response: Encodable, Sendable {
        var type: String?
        var generateVideoResponse: Filtered?
        var videos: [Video]?
        var raiMediaFilteredCount: Int?
        var raiMediaFilteredReasons: [String]?

        private enum CodingKeys: String, CodingKey {
            case type = "@type"
            case generateVideoResponse, videos, raiMediaFilteredCount, raiMediaFilteredReasons
        }
    }

    struct Filtered: Encodable, Sendable {
        var generatedSamples: [Sample]?
        var raiMediaFilteredCount: Int?
        var raiMediaFilteredReasons: [String]?
    }

    struct Sample: Encodable, Sendable {
        let video: Video
    }

    struct Video: Encodable, Sendable {
        var uri: String?
        var gcsUri: String?
        var bytesBase64Encoded: String?
        var mimeType: String?
    }

    init(name: String) {
        self.name = name
    }

    mutating func fail(code: Int, _ message: String) {
        error = Failure(code: code, message: message)
    }

    private static let reasons = ["The prompt may violate the usage guidelines. Support codes: 61493863"]

    /// Done, no error, no video: what both forms say when their content rules took everything out.
    mutating func filter(_ surface: VideoJob.Surface) {
        switch surface {
        case .gemini, .openAI:
            response = Response(
                generateVideoResponse: Filtered(raiMediaFilteredCount: 1, raiMediaFilteredReasons: Self.reasons))
        case .vertex:
            response = Response(raiMediaFilteredCount: 1, raiMediaFilteredReasons: Self.reasons)
        }
    }

    mutating func succeed(_ record: JobStore.Record, _ sandbox: Sandbox) async throws {
        let job = record.job
        let type = "type.googleapis.com/"
        switch job.surface {
        case .vertex:
            response = Response(
                type: type + "cloud.ai.large_models.vision.GenerateVideoResponse", raiMediaFilteredCount: 0)
            if job.content == .empty { return }
            if let object = job.storageAddress {
                response?.videos = [Video(gcsUri: object, mimeType: "video/mp4")]
            } else {
                let bytes = try await sandbox.bytes(of: record).base64EncodedString()
                response?.videos = [Video(bytesBase64Encoded: bytes, mimeType: "video/mp4")]
            }
        case .gemini, .openAI, nil:
            response = Response(
                type: type + "google.ai.generativelanguage.v1beta.PredictLongRunningResponse",
                generateVideoResponse: Filtered())
            if job.content == .empty { return }
            let uri = "\(sandbox.publicURL.value)/v1beta/files/\(job.id):download?alt=media"
            response?.generateVideoResponse?.generatedSamples = [Sample(video: Video(uri: uri))]
        }
    }
}

extension VideoJob {
    /// Where a Vertex job with a bucket writes its video: `gs://bucket/prefix/<job>/sample_0.mp4`.
    var storageAddress: String? {
        storage.map { $0 + ($0.hasSuffix("/") ? "" : "/") + id + "/sample_0.mp4" }
    }
}
