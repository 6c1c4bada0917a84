import NIOCore
import NIOHTTP1

/// Ends connections that hold resources without getting on: bodies that drip in, readers that never read.
///
/// Hummingbird's idle timer is refreshed by every part of a body and is off while an answer is written; both are
/// bounded here. It also closes after an answer that says `Connection: close`, and answers `Expect: 100-continue`.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private let newRequestID: @Sendable () -> String
    private var reading: ReadingBody?
    private var answersOpen = 0
    private var closesAfterAnswer = false
    private var isClosing = false
    private var paceCheck: Scheduled<Void>?
    private var writeCheck: Scheduled<Void>?

    private struct ReadingBody {
        let startedAt: NIODeadline
        var bytes = 0
    }

    init(_ limits: ConnectionLimits, newRequestID: @escaping @Sendable () -> String) {
        self.limits = limits
        self.newRequestID = newRequestID
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isClosing { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            answersOpen += 1
            reading = ReadingBody(startedAt: context.eventLoop.now)
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" { continueBody(context, head) }
        case .body(let buffer):
            reading?.bytes += buffer.readableBytes
        case .end:
            reading = nil
            paceCheck?.cancel()
            paceCheck = nil
        }
        context.fireChannelRead(data)
    }

    /// A request that came whole needs no timer, and most of them do.
    func channelReadComplete(context: ChannelHandlerContext) {
        if reading != nil, paceCheck == nil, !isClosing { schedulePaceCheck(context) }
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isClosing {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headers["connection"].contains(where: { $0.lowercased() == "close" }) { closesAfterAnswer = true }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            answersOpen -= 1
            context.write(data, promise: promise)
            if closesAfterAnswer { closeGently(context) }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeCheck?.cancel()
        writeCheck = nil
        if !context.channel.isWritable {
            writeCheck = context.eventLoop.assumeIsolated().scheduleTask(in: limits.writeStall) {
                context.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        paceCheck?.cancel()
        writeCheck?.cancel()
    }

    private func continueBody(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        let declared = head.headers.first(name: "content-length").flatMap { Int($0) }
        if let declared, declared > limits.bodyBytesMax { return }
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: head.version, status: .continue))), promise: nil)
    }

    private func schedulePaceCheck(_ context: ChannelHandlerContext) {
        paceCheck?.cancel()
        paceCheck = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [self] in
            guard let reading, !isClosing else { return }
            if limits.isTooSlow(bytes: reading.bytes, after: context.eventLoop.now - reading.startedAt) {
                refuseSlowBody(context)
            } else {
                schedulePaceCheck(context)
            }
        }
    }

    /// Answers 408, unless an answer has begun already or an earlier one is still being written: then it only closes.
    private func refuseSlowBody(_ context: ChannelHandlerContext) {
        guard answersOpen == 1, !closesAfterAnswer else {
            isClosing = true
            context.close(promise: nil)
            return
        }
        let requestID = newRequestID()
        let body = ByteBuffer(bytes: Problem.requestTimeout.bytes(requestID: requestID))
        let head = HTTPResponseHead(
            version: .http1_1, status: .requestTimeout,
            headers: [
                "content-type": "application/problem+json", "content-length": "\(body.readableBytes)",
                "connection": "close", "request-id": requestID,
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        closeGently(context)
    }

    /// Sends what is written, then closes our side, and the whole connection a moment later: closed at once, bytes that
    /// still arrive would make the kernel reset the connection, and the caller would never read the answer.
    private func closeGently(_ context: ChannelHandlerContext) {
        isClosing = true
        context.flush()
        context.close(mode: .output, promise: nil)
        context.eventLoop.assumeIsolated().scheduleTask(in: limits.linger) {
            context.close(promise: nil)
        }
    }
}

/// How long a connection may take for what.
struct ConnectionLimits: Sendable {
    /// From the head of a request to the end of its body.
    var wholeBody: TimeAmount = .seconds(30)
    /// How long a body may be slower than `bytesPerSecondMin`.
    var slowStart: TimeAmount = .seconds(5)
    /// The least pace of a body, from its start.
    var bytesPerSecondMin = 1_024
    /// Without room for more bytes of an answer.
    var writeStall: TimeAmount = .seconds(60)
    /// Between the end of an answer that closes and the close.
    var linger: TimeAmount = .seconds(2)
    /// A larger declared body is not asked for.
    var bodyBytesMax: Int

    /// True when a body of which so many bytes came within this time is to be given up.
    func isTooSlow(bytes: Int, after elapsed: TimeAmount) -> Bool {
        if elapsed >= wholeBody { return true }
        let seconds = Int(elapsed.nanoseconds / 1_000_000_000)
        return elapsed >= slowStart && bytes < seconds * bytesPerSecondMin
    }
}

/// Puts a `ConnectionGuard` next to the HTTP decoder, where parts have the types of NIOHTTP1.
final class ConnectionGuardInstaller: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let limits: ConnectionLimits
    private let newRequestID: @Sendable () -> String

    init(_ limits: ConnectionLimits, newRequestID: @escaping @Sendable () -> String) {
        self.limits = limits
        self.newRequestID = newRequestID
    }

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(ConnectionGuard(limits, newRequestID: newRequestID), position: .after(decoder))
        } catch {
            // No connection is better than one without limits.
            context.fireErrorCaught(error)
            context.close(promise: nil)
        }
    }
}
