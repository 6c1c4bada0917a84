/// A still image of a stored video: kept beside it, never changed.
package struct AssetImage: Sendable, Equatable {
    /// The video.
    package let asset: AssetID
    /// What it shows.
    package let kind: Kind
    /// Where the blob store keeps it.
    package let blobKey: String
    /// How it is coded, as its own bytes say.
    package let format: ImageFormat
    /// Length in bytes.
    package let bytes: Int64
    /// SHA-256 of the content, in lower-case hexadecimal.
    package let sha256: String
    /// When it was stored.
    package let createdAt: Timestamp

    /// The images that a video can have.
    package enum Kind: String, Sendable, CaseIterable, Codable {
        /// One picture of it.
        case poster
        /// Small pictures of it side by side, for a preview while seeking.
        case spritesheet
    }

    /// An image from its parts.
    package init(
        asset: AssetID, kind: Kind, blobKey: String, format: ImageFormat, bytes: Int64, sha256: String,
        createdAt: Timestamp
    ) {
        self.asset = asset
        self.kind = kind
        self.blobKey = blobKey
        self.format = format
        self.bytes = bytes
        self.sha256 = sha256
        self.createdAt = createdAt
    }
}

/// The codings of still images that are kept; everything else that a provider sends is refused.
package enum ImageFormat: String, Sendable, CaseIterable, Codable {
    case jpeg
    case png
    case webp

    /// Reads the coding off a whole content; nil when it is none of these, or its end is missing.
    package init?(_ content: [UInt8]) {
        guard content.count >= 16 else { return nil }
        func begins(_ bytes: [UInt8]) -> Bool { content.starts(with: bytes) }
        if begins([0xFF, 0xD8, 0xFF]), content.suffix(2) == [0xFF, 0xD9] {
            self = .jpeg
        } else if begins([0x89] + Array("PNG\r\n".utf8)), content.suffix(8).starts(with: Array("IEND".utf8)) {
            self = .png
        } else if begins(Array("RIFF".utf8)), content[8..<12].elementsEqual("WEBP".utf8),
            content[4..<8].reversed().reduce(0, { $0 << 8 | Int($1) }) + 8 == content.count
        {
            self = .webp
        } else {
            return nil
        }
    }

    /// The media type.
    package var contentType: String { "image/\(rawValue)" }

    /// The end of a file's name.
    package var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .png, .webp: rawValue
        }
    }
}
