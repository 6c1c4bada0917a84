import Hummingbird
import HummingbirdCore
package import Logging
import Metrics
import RushesCore
import RushesEngine
import RushesHTTP
import RushesSandbox
package import RushesTelemetry
import ServiceLifecycle
import UnixSignals

/// One Rushes process: the API, the operators' socket, all workers and, without provider accounts, the sandbox.
package struct Server: Sendable {
    private let settings: ServerSettings
    private let installation: Installation
    private let metrics: PrometheusMetrics
    private let logger: Logger
    private let errand: Errand?

    /// A server on an opened installation.
    ///
    /// With an `errand` it runs no longer than that: the errand begins once requests are answered, learns the port, and
    /// its end stops the server.
    package init(
        settings: ServerSettings, installation: Installation, metrics: PrometheusMetrics, logger: Logger,
        errand: (@Sendable (_ port: Int) async throws -> Void)? = nil
    ) {
        self.settings = settings
        self.installation = installation
        self.metrics = metrics
        self.logger = logger
        self.errand = errand.map(Errand.init)
    }

    /// Runs until SIGTERM or SIGINT, then stops intake, finishes the steps under way within 30 s, and
    /// closes the database.
    ///
    /// - Throws: what a service threw that could not go on, such as a port that is taken.
    package func run() async throws {
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        let group = ServiceGroup(configuration: configuration)
        do {
            try await installation.recover()
            try await group.run()
        } catch {
            try? await installation.close()  // the first error is the one that tells
            throw error
        }
        try await installation.close()
        logger.info("stopped")
    }

    /// In the order of start; shutdown goes the other way: first no more requests, last no more provider.
    private var services: [any Service] {
        let (ready, socketIsBound) = AsyncStream.makeStream(of: Void.self)
        let socket = installation.adminSocket(logger: logger) { socketIsBound.finish() }
        return sandbox + workers + [socket, StartedAfter(ready: ready, service: api)] + (errand.map { [$0] } ?? [])
    }

    private var sandbox: [any Service] {
        guard settings.needsEmbeddedSandbox else { return [] }
        logger.notice("no provider account is configured: videos are made by the embedded sandbox")
        let port = installation.accounts.sandboxPort
        let configuration = SandboxConfiguration(
            host: "127.0.0.1", port: 0, dataDirectory: installation.directory.sandboxPath, speed: settings.sandboxSpeed,
            apiKey: EmbeddedSandboxProvider.apiKey)
        return [SandboxServer(configuration: configuration, logger: logger, onServerRunning: { port.set($0) })]
    }

    private var workers: [any Service] {
        let engine = installation.engine
        let signals = engine.signals
        func loops(_ worker: any Worker, _ wake: WakeSignal, count: Int = 1) -> [any Service] {
            (0..<count).map { _ in
                WorkerService(worker, wake: wake, environment: engine.environment, logger: logger)
            }
        }
        // Several loops where a step waits for the provider, so that one slow answer does not hold up the rest.
        return loops(Dispatcher(engine, claimsMax: Self.claimsPerStep), signals.dispatcher, count: 3)
            + loops(Poller(engine), signals.poller, count: 3)
            + loops(Archiver(engine), signals.archiver, count: 3)
            + loops(Watcher(engine), WakeSignal())
            + loops(Reconciler(engine), WakeSignal())
            + loops(Sweeper(engine), signals.sweeper)
            + loops(Settler(engine), signals.settler)
    }

    /// Few enough to be sent at once: a crash then leaves few creates of which nobody knows whether they were sent.
    private static let claimsPerStep = 32

    private var api: any Service {
        let metrics = metrics
        let (logger, errand) = (logger, errand)
        let api = RushesAPI(EdgeServices(installation.engine, metrics: { metrics.exposition() }))
        return api.application(
            listeningOn: .hostname(settings.host, port: settings.port), logger: logger,
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                logger.info("listening", metadata: ["host": "\(settings.host)", "port": "\(port)"])
                errand?.begin(port)
            })
    }

}

extension Installation {
    /// The operators' API on the installation's socket; `onRunning` hears when it answers.
    func adminSocket(logger: Logger, onRunning: @escaping @Sendable () async -> Void = {}) -> any Service {
        let admin = AdminAPI(engine, check: { try await check() }, migrations: { try await migrations() })
        let path = directory.socketPath
        let application = admin.application(socketPath: path, logger: logger) {
            AdminSocket.restrict(path)
            await onRunning()
        }
        return AdminSocket(path: path, application: application)
    }
}
