import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import RushesCore
import RushesEngine
import RushesProviders
import RushesSandbox
import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Servers of the OpenAI dialect and the adapter that speaks to them.
enum ProviderFixture {
    static let environment = Environment(
        now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) },
        sleep: { try await Task.sleep(for: .milliseconds($0)) },
        ids: NoIDs(),
        random: SystemRandom())

    /// Runs `work` with an adapter for the server at an address.
    static func with<Result>(
        _ baseURL: String, isSandbox: Bool = true, limits: ProviderTimeLimits = ProviderTimeLimits(),
        _ work: (OpenAIVideosProvider) async throws -> Result
    ) async throws -> Result {
        try await withConnections(limits) { connections in
            try await work(
                OpenAIVideosProvider(
                    configuration: .init(baseURL: baseURL, apiKey: Secret("sandbox"), isSandbox: isSandbox),
                    connections: connections, environment: environment))
        }
    }

    /// Runs `work` with connections that are closed behind it.
    static func withConnections<Result>(
        _ limits: ProviderTimeLimits = ProviderTimeLimits(), _ work: (ProviderConnections) async throws -> Result
    ) async throws -> Result {
        let connections = ProviderConnections(limits: limits)
        do {
            let result = try await work(connections)
            try await connections.shutdown()
            return result
        } catch {
            try await connections.shutdown()
            throw error
        }
    }

    /// Runs `work` with an adapter for a stub that answers each request by a function.
    static func withStub<Result: Sendable>(
        isSandbox: Bool = false,
        _ respond: @escaping @Sendable (Request) async throws -> Response,
        _ work: @escaping @Sendable (OpenAIVideosProvider) async throws -> Result
    ) async throws -> Result {
        try await withServer(respond) { port in
            try await with("http://127.0.0.1:\(port)/v1", isSandbox: isSandbox, work)
        }
    }

    /// Runs `work` with the port of a stub that answers each request by a function.
    static func withServer<Result: Sendable>(
        _ respond: @escaping @Sendable (Request) async throws -> Response,
        _ work: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(request) },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: quiet)
        return try await run(application, ports, work)
    }

    /// Runs `work` with an adapter for a new sandbox that is a hundred times faster than life.
    static func withSandbox<Result: Sendable>(
        folder: String, _ work: @escaping @Sendable (OpenAIVideosProvider) async throws -> Result
    ) async throws -> Result {
        try await withSandboxServer(folder: folder) { port in
            try await with("http://127.0.0.1:\(port)/v1", work)
        }
    }

    /// Runs `work` with the port of a new sandbox that is a hundred times faster than life.
    static func withSandboxServer<Result: Sendable>(
        folder: String, hasServiceAccount: Bool = false, _ work: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = SandboxServer(
            configuration: SandboxConfiguration(
                port: 0, dataDirectory: folder, speed: 100, hasServiceAccount: hasServiceAccount),
            logger: quiet, onServerRunning: { continuation.yield($0) })
        return try await run(server, ports, work)
    }

    private static var quiet: Logger {
        var logger = Logger(label: "adapter-tests")
        logger.logLevel = .critical
        return logger
    }

    private static func run<Result: Sendable>(
        _ server: any Service, _ ports: AsyncStream<Int>, _ work: @escaping @Sendable (Int) async throws -> Result
    ) async throws -> Result {
        let group = ServiceGroup(services: [server], logger: quiet)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            guard let port = await ports.first(where: { _ in true }) else { throw CancellationError() }
            do {
                let result = try await work(port)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
    }
}

private struct NoIDs: IDSource {
    func next<Kind: Identified>(_ kind: Kind.Type) -> Identifier<Kind> { Identifier(trusted: Kind.prefix + "_test") }
}

private struct SystemRandom: RandomSource {
    func next() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// A server below HTTP: what connections do when things go wrong.
enum RawServer {
    enum Behaviour: Sendable {
        case closesAtOnce
        case closesAfterTheRequest
        case neverAnswers
        /// Answers this text to each request and closes.
        case answers(String)
        /// Answers this text to each request and then says nothing more.
        case answersAndWaits(String)
        /// Answers the head, then the same piece again and again, without an end.
        case repeats(head: String, piece: String, everyMilliseconds: Int64)
    }

    /// Runs `work` with the address of such a server.
    static func with<Result>(_ behaviour: Behaviour, _ work: (_ baseURL: String) async throws -> Result) async throws
        -> Result
    {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(RawHandler(behaviour))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = server.localAddress?.port ?? 0
        do {
            let result = try await work("http://127.0.0.1:\(port)/v1")
            try await server.close()
            return result
        } catch {
            try await server.close()
            throw error
        }
    }

    /// The address of a port on which nobody listens.
    static func closedPort() async throws -> String {
        try await with(.neverAnswers) { $0 }
    }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let behaviour: RawServer.Behaviour

    init(_ behaviour: RawServer.Behaviour) {
        self.behaviour = behaviour
    }

    func channelActive(context: ChannelHandlerContext) {
        if case .closesAtOnce = behaviour { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch behaviour {
        case .closesAtOnce, .closesAfterTheRequest:
            context.close(promise: nil)
        case .neverAnswers:
            break
        case .answersAndWaits(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .repeats(let head, let piece, let pause):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
            let channel = context.channel
            context.eventLoop.scheduleRepeatedTask(
                initialDelay: .milliseconds(pause), delay: .milliseconds(pause)
            ) { task in
                guard channel.isActive else { return task.cancel() }
                channel.writeAndFlush(ByteBuffer(string: piece), promise: nil)
            }
        case .answers(let text):
            let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in
                loopBound.value.close(promise: nil)
            }
        }
    }
}
