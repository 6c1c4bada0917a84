import NIOCore
import NIOFoundationCompat
import RushesCore
import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A picture size as Google's services name it.
struct VeoFormat: Equatable {
    let aspectRatio: String
    let resolution: String

    /// Nil for a size that these services do not make.
    init?(size: String) {
        switch size {
        case "1280x720": (aspectRatio, resolution) = ("16:9", "720p")
        case "720x1280": (aspectRatio, resolution) = ("9:16", "720p")
        case "1920x1080": (aspectRatio, resolution) = ("16:9", "1080p")
        case "1080x1920": (aspectRatio, resolution) = ("9:16", "1080p")
        case "3840x2160": (aspectRatio, resolution) = ("16:9", "4k")
        case "2160x3840": (aspectRatio, resolution) = ("9:16", "4k")
        default: return nil
        }
    }

    static func fault(size: String) -> ProviderFault {
        ProviderFault(.permanentRequest, code: "invalid_size", message: "the dialect has no size \(size)")
    }
}

/// The body of `:predictLongRunning`, which both forms of Veo take.
struct VeoRequest: Encodable {
    let instances: [Instance]
    let parameters: WithParameters<Parameters>
    /// For the bill of the account; Vertex only.
    let labels: [String: String]?

    struct Instance: Encodable {
        let prompt: String
    }

    struct Parameters: Encodable {
        let aspectRatio: String
        let resolution: String
        let durationSeconds: Int
        let sampleCount = 1
        /// Where the video is to be written; Vertex only.
        let storageUri: String?

        private enum CodingKeys: String, CodingKey {
            case aspectRatio, resolution, durationSeconds, sampleCount, storageUri
        }
    }

    /// Nil for a size that Veo does not make.
    init?(_ submission: Submission, storageUri: String? = nil, labels: [String: String]? = nil) {
        guard let format = VeoFormat(size: submission.size) else { return nil }
        instances = [Instance(prompt: submission.prompt)]
        parameters = WithParameters(
            Parameters(
                aspectRatio: format.aspectRatio, resolution: format.resolution, durationSeconds: submission.seconds,
                storageUri: storageUri), submission.parameters)
        self.labels = labels
    }
}

/// A JSON body that has nothing in it that JSON cannot say.
enum JSONBody {
    static func bytes(_ value: some Encodable) throws(ProviderError) -> ByteBuffer {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.withoutEscapingSlashes]
            return try encoder.encodeAsByteBuffer(value, allocator: ByteBufferAllocator())
        } catch {
            throw ProviderError(ProviderFault(.permanentRequest, message: "the request cannot be written: \(error)"))
        }
    }
}
