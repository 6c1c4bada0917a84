import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS
import RushesCore
import RushesEngine

/// Sends one request when its connection is ready, reads as much of the answer as is wanted, and closes.
///
/// It keeps its promise exactly once after the connection came about: by an answer, an error, the end of the connection
/// or the end of the time.
final class WebhookExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private enum Stage {
        case connecting, handshaking, waiting, reading, done
    }

    private let order: SendingOrder
    private let gate: ResponseHeadGate
    private let promise: EventLoopPromise<WebhookExchange>
    private var exchange: WebhookExchange
    private var stage = Stage.connecting
    /// When the stage that is timed began.
    private var began = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var body = ResponseExcerpt()

    init(_ order: SendingOrder, _ gate: ResponseHeadGate, _ promise: EventLoopPromise<WebhookExchange>) {
        self.order = order
        self.gate = gate
        self.promise = promise
        exchange = order.exchange
    }

    func channelActive(context: ChannelHandlerContext) {
        exchange.timings.connectMilliseconds = lap()
        setTimer(order.budget.deadline, context)
        // Whatever the operating system or a firewall made of it: the peer has to be the address that was judged.
        guard context.remoteAddress?.networkAddress == order.address.unwrapped else {
            return finish(.blockedAddress, context)
        }
        if order.url.isSecure {
            stage = .handshaking
        } else {
            sendRequest(context)
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, stage == .handshaking {
            exchange.timings.tlsMilliseconds = lap()
            exchange.tlsVersion = (try? context.pipeline.syncOperations.nioSSL_tlsVersion())?.name
            sendRequest(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func sendRequest(_ context: ChannelHandlerContext) {
        stage = .waiting
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { self.began = .now() }
        context.write(wrapOutboundOut(.head(order.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: order.message.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard stage != .done else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): read(head, context)
        case .body(let bytes):
            body.append(bytes)
            if body.isFull { finish(context) }
        case .end:
            body.isWhole = true
            finish(context)
        }
    }

    private func read(_ head: HTTPResponseHead, _ context: ChannelHandlerContext) {
        gate.isOpen = true
        stage = .reading
        exchange.timings.firstByteMilliseconds = lap()
        exchange.read(head, now: order.now())
        let patience = NIODeadline.now() + .milliseconds(Limits.webhookResponseMilliseconds)
        setTimer(min(patience, order.budget.deadline), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch stage {
        case .connecting, .handshaking, .waiting: finish(DeliveryFailure(exchanging: error), context)
        case .reading: finish(context)  // the status has decided
        case .done: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch stage {
        case .handshaking: finish(.tlsHandshakeFailed, context)
        case .connecting, .waiting: finish(.connectionReset, context)
        case .reading: finish(context)
        case .done: break
        }
        context.fireChannelInactive()
    }

    private func setTimer(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            handler.timeIsUp(context)
        }
    }

    private func timeIsUp(_ context: ChannelHandlerContext) {
        switch stage {
        case .connecting, .handshaking, .waiting: finish(.requestTimeout, context)
        case .reading: finish(context)
        case .done: break
        }
    }

    /// Ends it with the answer's own verdict.
    private func finish(_ context: ChannelHandlerContext) {
        finish(exchange.status.flatMap { DeliveryFailure(status: $0) }, context)
    }

    private func finish(_ failure: DeliveryFailure?, _ context: ChannelHandlerContext) {
        guard stage != .done else { return }
        stage = .done
        timer?.cancel()
        exchange.failure = failure
        exchange.responseBody = body.text
        exchange.isTruncated = exchange.status != nil && body.isCut
        exchange.timings.totalMilliseconds = order.budget.elapsedMilliseconds
        promise.succeed(exchange)
        context.close(promise: nil)
    }

    /// Milliseconds since the last lap; the next one begins.
    private func lap() -> Int64 {
        let now = NIODeadline.now()
        defer { began = now }
        return began.milliseconds(until: now)
    }
}
