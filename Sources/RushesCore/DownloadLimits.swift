/// How large, how long and how slow the download of one file from a provider may be; the only place of these numbers.
///
/// Together with the check behind it a download fits into the lease of the task that it is for (ADR 0017).
package struct DownloadLimits: Sendable, Equatable {
    /// Bytes of the file, at most: what is announced and what comes.
    package var bytesMax: Int64 = Limits.assetBytesMax
    /// Bytes of a video that stands in an answer, in base64, and not at an address: it is held in memory.
    package var inlineBytesMax: Int64 = 48 << 20
    /// Bytes of all answers with videos in them that are in memory together; who wants more waits. Decoding one takes
    /// as much again for a moment.
    package var inlineAnswersBytesMax: Int64 = 128 << 20
    /// Milliseconds until the head of one answer is there; every redirect has a head of its own.
    package var headMilliseconds: Int64 = 15_000
    /// Milliseconds between two pieces of the body.
    package var idleMilliseconds: Int64 = 10_000
    /// Milliseconds from the first request to the last byte, redirects included.
    package var totalMilliseconds: Int64 = 35_000
    /// Milliseconds of waiting for the provider over which the rate is measured; what our own disk takes is not in it.
    package var rateWindowMilliseconds: Int64 = 5_000
    /// Bytes that must come in each such window: 64 KiB a second.
    package var bytesPerRateWindowMin: Int64 = 5 * 64 * 1_024
    /// Bytes of a refusal's body that are read.
    package var refusalBytesMax = 64 * 1_024

    /// The limits of a video.
    package static let video = DownloadLimits()

    /// The limits of a still image that stands beside a video; some providers make it when it is asked for.
    package static let image = {
        var limits = DownloadLimits()
        limits.bytesMax = Limits.imageBytesMax
        limits.idleMilliseconds = 5_000
        limits.totalMilliseconds = 20_000
        return limits
    }()

    /// Bytes of an answer with a video in it, at most: base64 has four characters for three bytes.
    package var inlineAnswerBytesMax: Int { Int((inlineBytesMax + 2) / 3 * 4) + 64 * 1_024 }

    /// Milliseconds after which a download has ended, whatever the provider does: the last piece that it may wait for
    /// begins before the end of the whole.
    package var longestMilliseconds: Int64 { totalMilliseconds + idleMilliseconds }
}

/// Why a download was broken off by us.
package enum DownloadBreach: Error, Hashable, Sendable, CustomStringConvertible {
    /// More bytes are announced, or came, than a file may have.
    case tooLarge(bytes: Int64, bytesMax: Int64)
    /// It had not ended in its time.
    case tooLong(totalMilliseconds: Int64, receivedBytes: Int64)
    /// Too few bytes came while we waited.
    case tooSlow(windowBytes: Int64, windowMilliseconds: Int64)

    package var description: String {
        switch self {
        case .tooLarge(let bytes, let bytesMax): "the file has \(bytes) bytes or more, of at most \(bytesMax)"
        case .tooLong(let total, let received):
            "the download did not end within \(total) ms; \(received) bytes had come"
        case .tooSlow(let bytes, let milliseconds): "only \(bytes) bytes came in \(milliseconds) ms"
        }
    }
}
