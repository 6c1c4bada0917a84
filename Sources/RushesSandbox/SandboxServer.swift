import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The provider emulator: an HTTP server that speaks the dialects of OpenAI and Veo and plays scripted faults.
package struct SandboxServer: Service {
    private let configuration: SandboxConfiguration
    private let logger: Logger
    private let now: @Sendable () -> UnixMilliseconds
    private let onServerRunning: @Sendable (Int) async -> Void

    /// `onServerRunning` is told the bound port once requests can come; `now` is the wall clock unless a test says so.
    package init(
        configuration: SandboxConfiguration,
        logger: Logger,
        now: (@Sendable () -> Int64)? = nil,
        onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.logger = logger
        self.now = now ?? SandboxClock.wall
        self.onServerRunning = onServerRunning
    }

    /// Serves until graceful shutdown or cancellation; throws when the data directory or the port cannot be had.
    package func run() async throws {
        try await application().run()
    }

    /// The server with its background services, before it listens; tests drive it directly.
    func application() throws -> some ApplicationProtocol {
        let sandbox = try Sandbox(configuration: configuration, clock: SandboxClock(source: now), logger: logger)
        let (onServerRunning, logger) = (onServerRunning, logger)
        return Application(
            router: sandbox.router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "rushes-sandbox"),
            services: [sandbox.journal, sandbox.renderer] + webhooks(sandbox),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                sandbox.listens(on: port)
                logger.info("The sandbox is listening", metadata: ["port": "\(port)"])
                await onServerRunning(port)
            },
            logger: logger
        )
    }

    private func webhooks(_ sandbox: Sandbox) -> [any Service] {
        guard let url = configuration.webhookURL else { return [] }
        guard let signature = WebhookSignature(secret: configuration.webhookSecret) else {
            logger.error("No webhooks are sent: the secret is not whsec_ and base64 of 16 bytes or more")
            return []
        }
        return [
            WebhookSender(
                url: url, signature: signature, store: sandbox.store, clock: sandbox.clock, logger: logger)
        ]
    }
}
