import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
import RushesCore
import RushesEngine
import RushesHTTP
import RushesSandbox
package import RushesTelemetry
import ServiceLifecycle
import UnixSignals

/// One Rushes process: by its role the API, the workers, or both; the operators' socket; and, without provider
/// accounts, the sandbox.
package struct Server: Sendable {
    private let settings: ServerSettings
    private let installation: Installation
    private let readiness: Readiness
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
        readiness = Readiness(installation.engine)
    }

    /// Runs until SIGTERM or SIGINT; then it says that it is not ready, after the delay takes nothing in any more,
    /// finishes the steps under way, and closes the database, all within 30 s. A second signal ends it at once.
    ///
    /// - Throws: what a service threw that could not go on, such as a port that is taken.
    package func run() async throws {
        do {
            try await installation.recover()
            if settings.role.works {
                try MediaPrograms.prepare(settings, installation.engine)
                try await installation.warnOfMissingAccounts()
            }
            let webhooks = try await WebhookSetup.open(installation, logger: logger)
            do {
                if settings.role.works { try await renewSecrets(webhooks.tools) }
                try await untilStopped(webhooks.tools)
            } catch {
                await webhooks.close()
                throw error
            }
            await webhooks.close()
        } catch {
            try? await installation.close()  // the first error is the one that tells
            throw error
        }
        try await installation.close()
        logger.info("stopped")
    }

    /// Seals secrets again that an older key has sealed: after this start the older key is needed no more.
    private func renewSecrets(_ tools: WebhookTools?) async throws {
        guard let tools else { return }
        let outcome = try await SecretRenewal(installation.engine, tools).run()
        if outcome.renewed > 0 {
            logger.notice("webhook secrets have the newest key now", metadata: ["count": "\(outcome.renewed)"])
        }
        if outcome.unreadable > 0 {
            logger.error(
                "webhook secrets are sealed with a key that is not here",
                metadata: ["count": "\(outcome.unreadable)"])
        }
    }

    /// What is left of the 30 s is for closing the database.
    private static let stopSecondsMax = 25

    private func untilStopped(_ webhooks: WebhookTools?) async throws {
        var configuration = ServiceGroupConfiguration(
            services: services(webhooks).map {
                .init(
                    service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup)
            },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(Self.stopSecondsMax)
        let group = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await ImpatientStop.watch(logger) }
            defer { tasks.cancelAll() }
            do {
                try await group.run()
            } catch is CancellationError {
                // Nobody but the group itself cancels, when the time for a stop is over.
                logger.warning("steps were cut off at the end of the time for a stop")
            }
        }
    }

    /// In the order of start; shutdown goes the other way: first "not ready", then no more requests, last no more
    /// provider.
    private func services(_ webhooks: WebhookTools?) -> [any Service] {
        let (ready, socketIsBound) = AsyncStream.makeStream(of: Void.self)
        let socket = installation.adminSocket(logger: logger) { socketIsBound.finish() }
        let workers: [any Service] = settings.role.works ? workers(webhooks) : []
        let departure = Departure(
            readiness: readiness, delaySeconds: settings.shutdownDelay,
            environment: installation.engine.environment, logger: logger)
        let gauges = LoadGauges(engine: installation.engine, opened: installation.opened)
        let heartbeats = settings.role.answersCustomers ? [Heartbeats(engine: installation.engine)] : []
        return sandbox + [readiness, gauges] + heartbeats + workers
            + [socket, StartedAfter(ready: ready, service: listener(webhooks))] + (errand.map { [$0] } ?? []) + [
                departure
            ]
    }

    private var sandbox: [any Service] {
        guard settings.needsEmbeddedSandbox else { return [] }
        logger.notice("no provider account is configured: videos are made by the embedded sandbox")
        let port = installation.accounts.sandboxPort
        let configuration = SandboxConfiguration(
            host: "127.0.0.1", port: 0, dataDirectory: DataDirectory(settings.dataDirectory).sandboxPath,
            speed: settings.sandboxSpeed, apiKey: EmbeddedSandboxProvider.apiKey)
        return [SandboxServer(configuration: configuration, logger: logger, onServerRunning: { port.set($0) })]
    }

    private func workers(_ webhooks: WebhookTools?) -> [any Service] {
        let engine = installation.engine
        let pool: [any Service] = [WorkerPool(engine, illustrates: settings.usesMedia)] + remover
        guard let webhooks else { return pool }
        let announcer = WorkerService(
            Announcer(engine, webhooks), wake: engine.signals.announcer, environment: engine.environment,
            logger: logger, gatheringMilliseconds: Int64(Limits.fanOutGatheringMilliseconds))
        let retention = WorkerService(
            WebhookRetention(webhooks), wake: WakeSignal(), environment: engine.environment, logger: logger)
        return pool + [announcer, retention, CourierService(engine, webhooks)]
    }

    /// Where tasks are kept for a limited time: it looks rarely, for there is no hurry.
    private var remover: [any Service] {
        let engine = installation.engine
        return settings.taskRetention.map { retention in
            [
                WorkerService(
                    TaskRemover(engine, keeping: retention), wake: WakeSignal(), environment: engine.environment,
                    logger: logger, pauseMilliseconds: 10_000)
            ]
        } ?? []
    }

    /// The API, or for workers alone the health routes.
    private func listener(_ webhooks: WebhookTools?) -> any Service {
        let (readiness, metrics) = (readiness, metrics)
        let health = HealthSource(
            readiness: { readiness.report() }, isStopping: { readiness.isLeaving },
            metrics: { metrics.exposition() })
        let address = BindAddress.hostname(settings.host, port: settings.port)
        if settings.role.answersCustomers {
            let services = EdgeServices(
                installation.engine, health: health, webhookSecrets: settings.webhookSecrets, webhooks: webhooks)
            return RushesAPI(services)
                .application(listeningOn: address, logger: logger, onServerRunning: begin)
        }
        return HealthAPI(installation.engine.environment, source: health)
            .application(listeningOn: address, logger: logger, onServerRunning: begin)
    }

    @Sendable private func begin(_ channel: any Channel) async {
        let port = channel.localAddress?.port ?? settings.port
        logger.info(
            "listening",
            metadata: ["host": "\(settings.host)", "port": "\(port)", "role": "\(settings.role.rawValue)"])
        errand?.begin(port)
    }
}

extension Installation {
    /// The operators' API on the installation's socket; `onRunning` hears when it answers.
    func adminSocket(logger: Logger, onRunning: @escaping @Sendable () async -> Void = {}) -> any Service {
        let operations = AdminOperations(check: { try await check() }, migrations: { try await migrations() }) {
            request in
            do {
                return try await backUp(request)
            } catch let failure as BackupFailure {
                throw OperationFailed("\(failure)")
            } catch let setting as InvalidSetting {
                throw OperationFailed("\(setting)")
            }
        }
        let admin = AdminAPI(engine, operations: operations)
        let path = socketPath
        let application = admin.application(socketPath: path, logger: logger) {
            AdminSocket.restrict(path)
            await onRunning()
        }
        return AdminSocket(path: path, application: application)
    }
}
