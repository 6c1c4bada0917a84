/// The picture size of a video in pixels, `1280x720` on the wire and in the journal.
struct VideoSize: Hashable, Sendable {
    let width: Int
    let height: Int

    var wireText: String { "\(width)x\(height)" }

    /// Nil when the text is not two positive numbers around an `x`.
    init?(wireText: String) {
        let parts = wireText.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Int(parts[0]), let height = Int(parts[1]), width > 0, height > 0 else {
            return nil
        }
        self.width = width
        self.height = height
    }
}

extension VideoSize: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let size = VideoSize(wireText: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a size")
        }
        self = size
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wireText)
    }
}
