import Foundation

/// Makes the files of clips: ffmpeg, or where there is none the clips that come with the program.
protocol ClipMaker: Sendable {
    /// Makes one file in the folder; the name appears only when the file is complete.
    @concurrent func render(_ order: ClipRenderer.Order, in directory: String) async throws
}

/// Small clips that come with the program (scripts/make-clips made them): right in length and shape of the picture, the
/// same for every prompt.
struct BundledClips: ClipMaker {
    @concurrent func render(_ order: ClipRenderer.Order, in directory: String) async throws {
        let unfinished = directory + "/" + FFmpeg.unfinishedPrefix + RandomHex.digits(16)
        try Data(Self.bytes(order)).write(to: URL(fileURLWithPath: unfinished))
        try FileManager.default.moveItem(atPath: unfinished, toPath: directory + "/" + order.fileName)
    }

    static func bytes(_ order: ClipRenderer.Order) -> [UInt8] {
        let isWide = order.clip.size.width >= order.clip.size.height
        switch order.rendition {
        case .thumbnail:
            return isWide ? PackageResources.thumbnail_1280x720_webp : PackageResources.thumbnail_720x1280_webp
        case .spritesheet:
            return isWide ? PackageResources.spritesheet_1280x720_jpg : PackageResources.spritesheet_720x1280_jpg
        case .video: break
        }
        switch order.clip.seconds {
        case ...4: return isWide ? PackageResources.clip_1280x720_4s_mp4 : PackageResources.clip_720x1280_4s_mp4
        case 5...6: return isWide ? PackageResources.clip_1280x720_6s_mp4 : PackageResources.clip_720x1280_6s_mp4
        case 7...8: return isWide ? PackageResources.clip_1280x720_8s_mp4 : PackageResources.clip_720x1280_8s_mp4
        default: return isWide ? PackageResources.clip_1280x720_12s_mp4 : PackageResources.clip_720x1280_12s_mp4
        }
    }
}
