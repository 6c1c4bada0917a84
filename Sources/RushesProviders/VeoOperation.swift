import RushesCore
import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A long-running operation as both forms of Veo describe it.
struct VeoOperation: Decodable {
    let name: String?
    let done: Bool?
    let error: GoogleError?
    let response: Response?

    /// The Gemini form wraps samples and filter; the Vertex form has them at this level.
    struct Response: Decodable {
        let generateVideoResponse: Filtered?
        let videos: [Video]?
        let raiMediaFilteredCount: Int?
        let raiMediaFilteredReasons: [String]?
    }

    struct Filtered: Decodable {
        let generatedSamples: [Sample]?
        let raiMediaFilteredCount: Int?
        let raiMediaFilteredReasons: [String]?
    }

    struct Sample: Decodable {
        let video: Video?
    }

    struct Video: Decodable {
        let uri: String?
        let gcsUri: String?
        let bytesBase64Encoded: String?
    }

    /// The operation's own name, when it can be one.
    var job: ProviderJobID? {
        guard let name, name.contains("/operations/"), name.utf8.count <= 512, !name.contains("..") else { return nil }
        return ProviderJobID(name)
    }

    /// What a finished operation gives.
    enum Ending {
        case video(VeoVideo)
        case failed(ProviderFault)
    }

    /// Nil while it runs. Done is not success: there must be a video (`reference/provider-apis.md` 2.3).
    func ending(_ dialect: ProviderDialect) -> Ending? {
        guard done == true else { return nil }
        if let error { return .failed(error.generationFault(dialect)) }
        let inner = response?.generateVideoResponse
        let videos = (inner?.generatedSamples ?? []).compactMap(\.video) + (response?.videos ?? [])
        if let video = videos.lazy.compactMap(\.found).first { return .video(video) }
        let count = max(inner?.raiMediaFilteredCount ?? 0, response?.raiMediaFilteredCount ?? 0)
        let reasons = (inner?.raiMediaFilteredReasons ?? []) + (response?.raiMediaFilteredReasons ?? [])
        let isFiltered = count > 0 || !reasons.isEmpty
        let words = isFiltered ? reasons.joined(separator: " ") : "the operation is done and has no video"
        return .failed(
            ProviderRefusal(
                dialect, .generation, codes: [isFiltered ? ProviderWord.filtered : ProviderWord.nothing],
                message: String(words.prefix(ProviderAnswer.messageCharactersMax))
            ).fault)
    }
}

/// Where a finished video is.
enum VeoVideo {
    case address(String)
    case stored(StorageObject)
    /// In the answer itself, in base64.
    case inline(String)
}

extension VeoOperation.Video {
    fileprivate var found: VeoVideo? {
        if let gcsUri, let object = StorageObject(gcsUri) { return .stored(object) }
        if let uri, let object = StorageObject(uri) { return .stored(object) }
        if let uri, !uri.isEmpty { return .address(uri) }
        if let bytesBase64Encoded, !bytesBase64Encoded.isEmpty { return .inline(bytesBase64Encoded) }
        return nil
    }
}

extension VeoVideo {
    /// Hands over a video that stands in the answer, decoded piece by piece: it is in memory once, as it came.
    static func deliver(
        _ base64: String, _ limits: DownloadLimits, consume: (DownloadEvent) async throws -> Void
    ) async throws {
        var rest = base64.utf8[...]
        let padding = rest.suffix(2).count { $0 == UInt8(ascii: "=") }
        let length = Int64(rest.count / 4 * 3 - padding)
        guard rest.count.isMultiple(of: 4) else { throw noBase64 }
        if length > limits.inlineBytesMax {
            throw ProviderError(ProviderFault(.tooLarge(bytes: length, bytesMax: limits.inlineBytesMax)))
        }
        try await consume(.began(contentLength: length))
        while !rest.isEmpty {
            let piece = rest.prefix(charactersPerPiece)
            rest = rest.dropFirst(piece.count)
            // Padding within would end the video early.
            guard let bytes = Data(base64Encoded: Data(piece)), rest.isEmpty || bytes.count == piece.count / 4 * 3
            else { throw noBase64 }
            try await consume(.bytes([UInt8](bytes)))
        }
    }

    /// A multiple of four.
    private static let charactersPerPiece = Limits.blobChunkBytes / 4

    private static var noBase64: ProviderError {
        ProviderError(ProviderFault(.unknown, message: "the inline video is no base64"))
    }
}
