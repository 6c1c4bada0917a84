import NIOCore
import RushesCore

/// The beginning of an answer's body.
struct ResponseExcerpt {
    private var kept: [UInt8] = []
    private var byteCount = 0
    /// True when the end of the body has been seen.
    var isWhole = false

    /// True when no more is read.
    var isFull: Bool { byteCount >= Limits.webhookResponseBytesMax }

    /// True when something is missing, read or not.
    var isCut: Bool { !isWhole || byteCount > kept.count }

    /// What is kept, as text: what is no UTF-8 is replaced, and so is the character that no database takes.
    var text: String { String(decoding: kept, as: UTF8.self).replacing("\0", with: "\u{fffd}") }

    mutating func append(_ bytes: ByteBuffer) {
        byteCount += bytes.readableBytes
        kept += bytes.readableBytesView.prefix(Limits.webhookResponseBytesKept - kept.count)
    }
}
