import Foundation

/// `X-Rushes-Deadline`: when the caller gives up; only `[sim:late]` looks at it.
enum DeadlineHeader {
    /// Reads RFC 3339 with or without fractions, or Unix milliseconds; nil for anything else.
    static func parse(_ text: String) -> UnixMilliseconds? {
        if let milliseconds = UnixMilliseconds(text) { return milliseconds }
        let plain = Date.ISO8601FormatStyle()
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = (try? plain.parse(text)) ?? (try? fractional.parse(text)) else { return nil }
        return UnixMilliseconds((date.timeIntervalSince1970 * 1000).rounded())
    }
}
