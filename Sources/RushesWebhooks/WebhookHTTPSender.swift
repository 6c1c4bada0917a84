import NIOCore
import NIOPosix
package import NIOSSL
package import RushesCore
package import RushesEngine

/// Sends webhooks over HTTP/1.1, one connection for each, to an address that it has looked up and judged itself.
///
/// docs/adr/0024 says why no HTTP library does this: the name is resolved once, every address is judged, the one that
/// was judged is dialled, and the certificate is still checked for the name. One budget spans all of it.
package struct WebhookHTTPSender: WebhookSender {
    private let policy: WebhookURLPolicy
    private let resolver: any HostResolver
    private let group: any EventLoopGroup
    private let tls: NIOSSLContext
    private let now: @Sendable () -> Timestamp

    /// A sender that follows the operator's policy and trusts whom the system trusts.
    ///
    /// - Parameters:
    ///   - policy: which URLs and addresses are allowed; judged again for each attempt.
    ///   - now: what a date in `retry-after` is compared with.
    ///   - resolver: who finds addresses.
    /// - Throws: `NIOSSLError` when the system's roots of trust cannot be loaded.
    package init(
        policy: WebhookURLPolicy, now: @escaping @Sendable () -> Timestamp,
        resolver: any HostResolver = SystemHostResolver()
    ) throws {
        self.init(policy: policy, now: now, resolver: resolver, tls: try Self.tls())
    }

    /// A sender with a context of `tls(additionalRoots:)`, which takes a while to make and may be shared.
    package init(
        policy: WebhookURLPolicy, now: @escaping @Sendable () -> Timestamp, resolver: any HostResolver,
        tls: NIOSSLContext
    ) {
        self.policy = policy
        self.now = now
        self.resolver = resolver
        self.tls = tls
        group = MultiThreadedEventLoopGroup.singleton
    }

    /// How TLS is spoken: 1.2 at least, the certificate checked for the name, and signed by a root that the system
    /// trusts or by one of `additionalRoots`, which are for tests.
    ///
    /// Throws `NIOSSLError` when the system's roots of trust cannot be loaded.
    package static func tls(additionalRoots: [NIOSSLCertificate] = []) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        if !additionalRoots.isEmpty { configuration.additionalTrustRoots = [.certificates(additionalRoots)] }
        // Who does not say goodbye is not waited for.
        configuration.shutdownTimeout = .milliseconds(100)
        return try NIOSSLContext(configuration: configuration)
    }

    /// Sends the message. A task that is cancelled meanwhile still gets its answer: it is due within the budget, and an
    /// attempt without a record would be sent again.
    package func send(_ message: WebhookMessage) async -> WebhookExchange {
        let budget = SendingBudget()
        var exchange = await attempt(message, budget)
        // What a connection says itself is not delayed by how busy this machine is.
        if exchange.timings.totalMilliseconds == 0 { exchange.timings.totalMilliseconds = budget.elapsedMilliseconds }
        return exchange
    }

    private func attempt(_ message: WebhookMessage, _ budget: SendingBudget) async -> WebhookExchange {
        // It was taken under this policy when it was registered, or under one that the operator has changed since.
        guard let url = try? WebhookURL(message.url, policy: policy) else {
            return WebhookExchange(failure: .blockedAddress)
        }
        var exchange = WebhookExchange()
        let addresses: [NetworkAddress]
        do {
            addresses = try await resolve(url, budget)
            exchange.timings.dnsMilliseconds = budget.elapsedMilliseconds
        } catch {
            switch error {
            case .failed: return WebhookExchange(failure: .dnsFailed)
            case .timedOut: return WebhookExchange(failure: .dnsTimeout)
            }
        }
        // One that is denied among public ones is a trick, or a mistake that the customer wants to hear of.
        guard addresses.allSatisfy(policy.addressRules.allows) else {
            exchange.failure = .blockedAddress
            return exchange
        }
        return await deliver(message, url, Self.candidates(addresses), budget, exchange)
    }

    private func resolve(
        _ url: WebhookURL, _ budget: SendingBudget
    ) async throws(HostLookupFailure) -> [NetworkAddress] {
        if let address = url.address { return [address.unwrapped] }
        return try await resolver.addresses(of: url.host, within: budget.remainingMilliseconds).map(\.unwrapped)
    }

    /// The addresses to dial: the first of version 4, then the first of version 6.
    private static func candidates(_ addresses: [NetworkAddress]) -> [NetworkAddress] {
        [addresses.first(where: \.isVersion4), addresses.first { !$0.isVersion4 }].compactMap(\.self)
    }

    private func deliver(
        _ message: WebhookMessage, _ url: WebhookURL, _ candidates: [NetworkAddress], _ budget: SendingBudget,
        _ resolved: WebhookExchange
    ) async -> WebhookExchange {
        var exchange = resolved
        for (index, address) in candidates.enumerated() {
            exchange = resolved
            exchange.remoteAddress = address.description
            // What is left is shared with the candidates behind it.
            let share = budget.remainingMilliseconds / Int64(candidates.count - index)
            let order = SendingOrder(
                message: message, url: url, address: address, budget: budget, exchange: exchange, now: now)
            do {
                return try await connect(order, within: share)
            } catch {
                exchange.failure = error.failure
                exchange.timings.totalMilliseconds = error.totalMilliseconds
            }
        }
        return exchange
    }

    /// Connects and waits for the exchange; throws only when no connection came about.
    private func connect(
        _ order: SendingOrder, within milliseconds: Int64
    ) async throws(ConnectingFailed) -> WebhookExchange {
        let loop = group.any()
        let promise = loop.makePromise(of: WebhookExchange.self)
        let budget = order.budget
        do {
            let target = try SocketAddress(ipAddress: order.address.description, port: order.url.port)
            let connected = ClientBootstrap(group: loop)
                .connectTimeout(.milliseconds(milliseconds))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8 * 1_024))
                .channelInitializer { [tls] channel in
                    channel.eventLoop.makeCompletedFuture { try order.prepare(channel, tls, promise) }
                }
                .connect(to: target)
            connected.whenFailure { promise.fail(ConnectingFailed($0, budget)) }
            return try await promise.futureResult.get()
        } catch {
            throw error as? ConnectingFailed ?? ConnectingFailed(error, budget)
        }
    }
}
