package import RushesCore

/// Programs that look into videos and make still images of them, where the machine has them.
package protocol MediaTools: Sendable {
    /// What a file shows when it is opened as a video; nil where no program can look.
    ///
    /// - Throws: `VideoDefect.unreadable` when it cannot be opened, `MediaError` when nobody knows.
    func look(into path: String) async throws -> VideoFacts?

    /// The content of a still image of a video; nil where no program makes one.
    ///
    /// - Parameter seconds: how long the video is.
    /// - Throws: `MediaError`.
    func makeImage(_ kind: AssetImage.Kind, of path: String, seconds: Int) async throws -> [UInt8]?
}

/// A program did not do its work; nothing is known about the file.
package struct MediaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, for the log.
    package let message: String

    /// An error from its words.
    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}

/// A machine without such programs.
package struct NoMediaTools: MediaTools {
    /// Nothing.
    package init() {}

    package func look(into path: String) async throws -> VideoFacts? { nil }

    package func makeImage(_ kind: AssetImage.Kind, of path: String, seconds: Int) async throws -> [UInt8]? { nil }
}
