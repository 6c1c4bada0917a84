import NIOCore
import RushesCore

/// Lets no more bytes through to the parser than a head may have, until the head has been read.
///
/// Heads of interim answers (status 100 to 199) count with it, so that a receiver cannot send them without end.
final class ResponseHeadGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Set by the reader of the head when it has come.
    var isOpen = false
    private var byteCount = 0

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if !isOpen {
            let allowance = min(bytes.readableBytes, Limits.webhookResponseHeadBytesMax - byteCount)
            byteCount += allowance
            guard let start = bytes.readSlice(length: allowance) else { return }
            // The parser behind reads it before this returns.
            context.fireChannelRead(wrapInboundOut(start))
            guard isOpen || byteCount < Limits.webhookResponseHeadBytesMax else {
                context.fireErrorCaught(ResponseHeadTooLong())
                return
            }
        }
        if bytes.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(bytes)) }
    }
}

/// The head of an answer does not end where it has to.
struct ResponseHeadTooLong: Error {}
