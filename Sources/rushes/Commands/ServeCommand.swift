import ArgumentParser
import Logging
import RushesServer

/// `rushes serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the server: API, workers and the operators' socket in one process.",
        discussion: """
            Without provider accounts it starts the sandbox inside itself and says so. Accounts come from the environment:
            RUSHES_OPENAI_BASE_URL and RUSHES_OPENAI_API_KEY, RUSHES_VEO_BASE_URL and RUSHES_VEO_API_KEY.
            """)

    @Option(help: "Host and port (RUSHES_LISTEN; default 127.0.0.1:8080).")
    var listen: String?

    @Option(
        name: .customLong("data-dir"), help: "The installation's folder (RUSHES_DATA_DIR; default rushes-data).",
        completion: .directory)
    var dataDirectory: String?

    @Option(
        help:
            "What fills an empty database with models and packages (RUSHES_CONFIG; default rushes.yaml when it is there).",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var config: String?

    @Option(
        name: .customLong("database-url"),
        help: "Refused by this release, which keeps its data in SQLite (RUSHES_DATABASE_URL).")
    var databaseURL: String?

    @Option(help: "On SQLite only: all (RUSHES_ROLE).")
    var role: String?

    @Option(
        name: .customLong("sandbox-speed"),
        help: "What the embedded sandbox divides its latencies by (RUSHES_SANDBOX_SPEED; default 1).")
    var sandboxSpeed: String?

    @Option(
        name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.",
        transform: { text in
            guard let level = Logger.Level(rawValue: text) else { throw ValidationError("It is not a log level.") }
            return level
        })
    var logLevel = Logger.Level.info

    @Flag(name: .customLong("print-config"), help: "Show the effective settings without secrets, and leave.")
    var printsSettings = false

    func run() async throws {
        let settings = try ServerSettings.load(flags: flags)
        if printsSettings { return settings.printed.forEach(output) }
        let (logger, metrics) = ServerTelemetry.bootstrap(level: logLevel)
        let installation = try await Installation.open(settings, logger: logger)
        try await Server(settings: settings, installation: installation, metrics: metrics, logger: logger).run()
    }

    private var flags: [String: String] {
        [
            "listen": listen, "dataDir": dataDirectory, "databaseUrl": databaseURL, "role": role,
            "sandboxSpeed": sandboxSpeed, "config": config,
        ].compactMapValues { $0 }
    }
}
