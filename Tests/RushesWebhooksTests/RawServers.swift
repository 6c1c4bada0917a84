import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#endif

/// A server that answers the first bytes of a connection, whatever they are, and closes.
enum RawServer {
    static func with<Result>(reply: String, _ work: (_ port: Int) async throws -> Result) async throws -> Result {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FirstBytes(reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await work(server.localAddress?.port ?? 0)
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    private final class FirstBytes: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let reply: String

        init(_ reply: String) { self.reply = reply }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(string: reply)).whenComplete { _ in channel.close(promise: nil) }
        }
    }
}

/// A socket that takes no connection: it does not listen, or its queue is full, so that the operating system drops
/// every new one.
enum SilentSocket {
    struct Failed: Error {}

    static func with<Result>(
        isListening: Bool, _ work: (_ port: Int) async throws -> Result
    ) async throws -> Result {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && (!isListening || listen(listener, 0) == 0)
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw Failed() }
        let clients = (0..<(isListening ? 4 : 0)).map { _ in
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: &address) { pointer in
                // It does not wait, and whether it gets in does not matter: the queue is full afterwards.
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, length) }
            }
            return client
        }
        defer { for client in clients { close(client) } }
        return try await work(Int(UInt16(bigEndian: address.sin_port)))
    }
}
