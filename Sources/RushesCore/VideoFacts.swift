/// What a look into a stored file has shown of its video.
package struct VideoFacts: Sendable, Hashable {
    /// Milliseconds that it plays.
    package let durationMilliseconds: Int64
    /// Pixels from left to right.
    package let width: Int
    /// Pixels from top to bottom.
    package let height: Int

    /// Milliseconds by which a video may differ from what was asked, at least.
    package static let toleranceMillisecondsMin: Int64 = 1_000
    /// Thousandths of what was asked by which a video may differ.
    package static let tolerancePermille: Int64 = 100

    /// Facts from their parts.
    package init(durationMilliseconds: Int64, width: Int, height: Int) {
        self.durationMilliseconds = durationMilliseconds
        self.width = width
        self.height = height
    }

    /// Why the file is not the video that was asked for; nil when it is.
    package func defect(askedSeconds: Int) -> VideoDefect? {
        guard width > 0, height > 0 else { return .noPictures }
        let asked = Int64(askedSeconds) * 1_000
        let tolerance = max(Self.toleranceMillisecondsMin, asked * Self.tolerancePermille / 1_000)
        guard (asked - tolerance...asked + tolerance).contains(durationMilliseconds) else {
            return .duration(askedMilliseconds: asked, milliseconds: durationMilliseconds)
        }
        return nil
    }
}

/// Why a file with the structure of an MP4 is not the video that was asked for.
package enum VideoDefect: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be opened.
    case unreadable(String)
    /// It has no stream of pictures.
    case noPictures
    /// It is longer or shorter than the tolerance allows.
    case duration(askedMilliseconds: Int64, milliseconds: Int64)

    package var description: String {
        switch self {
        case .unreadable(let words): "the video cannot be opened: \(words)"
        case .noPictures: "the file has no pictures"
        case .duration(let asked, let found): "the video lasts \(found) ms, and \(asked) ms were asked for"
        }
    }
}
