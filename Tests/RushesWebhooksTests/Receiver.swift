import NIOCore
import NIOPosix
import NIOSSL
import RushesEngine
import Synchronization

/// A receiver on a real socket that answers byte for byte as a test says, and counts what reaches it.
final class Receiver: Sendable {
    /// What reached it.
    struct Seen {
        var connections = 0
        var bytes = 0
        var messages: [WebhookMessage] = []
    }

    /// What it does after a whole request; bytes that it writes are counted.
    typealias Reply = @Sendable (Receiver, any Channel) -> Void

    private let state = Mutex(Seen())
    private let listening = Mutex<(any Channel)?>(nil)
    let tls: NIOSSLContext?
    let reply: Reply

    private init(_ tls: NIOSSLContext?, _ reply: @escaping Reply) {
        self.tls = tls
        self.reply = reply
    }

    var seen: Seen { state.withLock { $0 } }
    var port: Int { listening.withLock { $0?.localAddress?.port ?? 0 } }

    func note(_ change: (inout Seen) -> Void) { state.withLock { change(&$0) } }

    /// Runs `work` while a receiver listens.
    static func with<Result>(
        host: String = "127.0.0.1", port: Int = 0, tls: NIOSSLContext? = nil, _ reply: @escaping Reply,
        _ work: (Receiver) async throws -> Result
    ) async throws -> Result {
        let receiver = Receiver(tls, reply)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    receiver.note { $0.connections += 1 }
                    let pipeline = channel.pipeline.syncOperations
                    if let tls = receiver.tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(RequestReader(receiver))
                }
            }
            .bind(host: host, port: port).get()
        receiver.listening.withLock { $0 = server }
        do {
            let result = try await work(receiver)
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    /// A reply that writes bytes and closes.
    static func bytes(_ text: String) -> Reply {
        { _, channel in
            channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
        }
    }
}

/// Reads one request, then lets the receiver reply.
private final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let receiver: Receiver
    private var bytes: [UInt8] = []
    private var hasReplied = false

    init(_ receiver: Receiver) { self.receiver = receiver }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        receiver.note { $0.bytes += buffer.readableBytes }
        bytes += buffer.readableBytesView
        guard !hasReplied, let message = Self.message(bytes) else { return }
        hasReplied = true
        receiver.note { $0.messages.append(message) }
        receiver.reply(receiver, context.channel)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// The message, once all of it has come.
    private static func message(_ bytes: [UInt8]) -> WebhookMessage? {
        let text = String(decoding: bytes, as: Unicode.ASCII.self)
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = text.utf8.prefix(end.lowerBound).split(separator: 0x0d).map { String(Substring($0)) }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return HeaderField(
                parts[0].lowercased().trimmed, parts.count > 1 ? String(parts[1]).trimmed : "")
        }
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        let body = bytes[end.upperBound...]
        guard body.count >= length else { return nil }
        let target = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
        return WebhookMessage(url: target, headers: headers, body: Array(body))
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()) }
}
