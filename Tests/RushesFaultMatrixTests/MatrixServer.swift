import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#endif

/// Runs a `MatrixProvider` on a real socket, byte for byte as its replies say.
enum MatrixServer {
    /// Runs `work` with the address of a provider.
    static func with<Result>(
        _ provider: MatrixProvider, _ patience: Patience, _ work: (_ baseURL: String) async throws -> Result
    ) async throws -> Result {
        try await bind("http") { channel in
            try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
            try channel.pipeline.syncOperations.addHandler(ReplyHandler(provider, patience))
        } work: {
            try await work($0)
        }
    }

    /// Runs `work` with the address of a server whose certificate nobody vouches for.
    static func withBadCertificate<Result>(_ work: (_ baseURL: String) async throws -> Result) async throws -> Result {
        let context = try BadCertificate.context()
        return try await bind("https") { channel in
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
        } work: {
            try await work($0)
        }
    }

    /// The address of a port on which nobody listens.
    static func closedPort() async throws -> String {
        try await bind("http", { _ in }, work: { $0 })
    }

    private static func bind<Result>(
        _ scheme: String, _ prepare: @escaping @Sendable (any Channel) throws -> Void,
        work: (_ baseURL: String) async throws -> Result
    ) async throws -> Result {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = "\(scheme)://127.0.0.1:\(server.localAddress?.port ?? 0)"
        do {
            let result = try await work(address)
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }
}

/// Reads a request and plays the provider's reply.
private final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    private let provider: MatrixProvider
    private let patience: Patience
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ provider: MatrixProvider, _ patience: Patience) {
        self.provider = provider
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(let bytes): body += bytes.readableBytesView
        case .end:
            guard let head else { return }
            let host = head.headers.first(name: "host") ?? ""
            play(provider.reply(method: head.method.rawValue, uri: head.uri, host: host, body: body), context)
        }
    }

    private func play(_ reply: Reply, _ context: ChannelHandlerContext) {
        let channel = context.channel
        let patience = patience
        let written = channel.writeAndFlush(ByteBuffer(bytes: reply.bytes))
        switch reply.ending {
        case .closes: written.whenComplete { _ in channel.close(promise: nil) }
        case .resets: written.whenComplete { _ in Self.reset(channel) }
        case .fallsSilent: written.whenComplete { _ in if reply.endsPatience { patience.end() } }
        case .drips:
            written.whenComplete { _ in if reply.endsPatience { patience.end() } }
            context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(2)) { task in
                guard channel.isActive else { return task.cancel() }
                // A byte each second, by the clock of the call.
                patience.elapse(milliseconds: 1_000)
                channel.writeAndFlush(ByteBuffer(string: " "), promise: nil)
            }
        case .floods: Self.flood(channel)
        }
    }

    /// Closes so that the other side gets a reset instead of an end.
    private static func reset(_ channel: any Channel) {
        let socket = channel as? any SocketOptionProvider
        let lingers =
            socket?.setSoLinger(linger(l_onoff: 1, l_linger: 0)) ?? channel.eventLoop.makeSucceededVoidFuture()
        lingers.whenComplete { _ in channel.close(promise: nil) }
    }

    private static func flood(_ channel: any Channel) {
        let chunk = "10000\r\n" + String(repeating: " ", count: 0x10000) + "\r\n"
        channel.writeAndFlush(ByteBuffer(string: chunk)).whenSuccess { flood(channel) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The client hung up, which is what most faults make it do.
        context.close(promise: nil)
    }
}

/// A certificate that its owner signed himself, for a host that is not this one.
private enum BadCertificate {
    private static let key = """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOO7dC7t3TQ53XWU4owD0hW+7c2OI8vy5stWPgUhw90uhRANCAAQCGaYW\
        d8+ZETzBc0Dc4PI9oR3Er+K8fyg8l7XjZ9+mnR6ShboWBYKFl/NFms349FF4aHNQCh3S33HWWxTTAbUe
        """
    private static let certificate = """
        MIIBjTCCATOgAwIBAgIUPBun12EdEZBuKER9Nh4gx0qIaD4wCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQcHJvdmlkZXIuZXhhbXBsZTAg\
        Fw0yNjExMjUwMzQwMjhaGA8yMTI2MTEwMTAzNDAyOFowGzEZMBcGA1UEAwwQcHJvdmlkZXIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG\
        SM49AwEHA0IABAIZphZ3z5kRPMFzQNzg8j2hHcSv4rx/KDyXteNn36adHpKFuhYFgoWX80Wazfj0UXhoc1AKHdLfcdZbFNMBtR6jUzBR\
        MB0GA1UdDgQWBBQOjIqco1+vA0z8AJloEK6mEcnwWjAfBgNVHSMEGDAWgBQOjIqco1+vA0z8AJloEK6mEcnwWjAPBgNVHRMBAf8EBTAD\
        AQH/MAoGCCqGSM49BAMCA0gAMEUCIQDigV8qB2zK1Xu1pjh4Ga7J9y5YirhVrAJkqIJZ8URi7AIgO2QQ+2dHcEvDmkhS7cBb0Vu22oVy\
        tuUsMSvbcYsuY0w=
        """

    static func context() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(try NIOSSLCertificate(bytes: bytes(certificate), format: .der))],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: bytes(key), format: .der))))
    }

    private static func bytes(_ base64: String) -> [UInt8] { Array(Data(base64Encoded: base64) ?? Data()) }
}
