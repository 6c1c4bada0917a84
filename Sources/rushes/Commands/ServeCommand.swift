import ArgumentParser
import Logging
import RushesServer

/// `rushes serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run a server: API, workers and the operators' socket.",
        discussion: """
            DATABASE
              Without an address the data is in SQLite inside DIR, and one process does everything. On PostgreSQL 14 or
              newer (encoding UTF8) any number of api, worker and all processes share one database and one --blob-dir;
              each has a DIR of its own for its lock and its operators' socket. The address holds a password, which
              other users of the machine can read in a flag: prefer RUSHES_DATABASE_URL.
              A server that starts while PostgreSQL is away says so and tries again for 60 s, then exits 75. A running
              one answers 503 with Retry-After, and its workers pause, until PostgreSQL is back.

            STOP
              On SIGTERM /readyz answers 503 at once; requests are taken for --shutdown-delay more seconds; then steps
              under way are finished. It ends with 0 within 30 s. A second SIGTERM ends it at once.

            PROVIDERS
              The accounts openai and veo, and those that RUSHES_ACCOUNTS lists (a,b), each by RUSHES_<NAME>_DIALECT
              (openai, the default; gemini, vertex, interactions), _BASE_URL, _API_KEY or _API_KEY_FILE; for vertex
              _CREDENTIALS_FILE, _PROJECT, _LOCATION and _STORAGE (gs://bucket/folder). _CONTENT_HOSTS names hosts that
              downloads may go to. Without any of them --role all starts the sandbox inside itself and says so.

            WEBHOOKS
              Secrets of customers' endpoints are sealed with RUSHES_WEBHOOKS_KEY_FILE (or _KEY): lines of 32 bytes in
              base64, the newest first, the same for all nodes. On SQLite DIR/webhook.key is made when none is given;
              on PostgreSQL webhooks are off without one. Messages go to public addresses on ports 443 and 8443;
              RUSHES_WEBHOOKS_PORTS and RUSHES_WEBHOOKS_ALLOW_NETWORKS (10.0.0.0/8,...) add to them. RUSHES_PUBLIC_URL
              says where customers reach the service (https://rushes.example.com): nothing is sent to that host.
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
        help: ArgumentHelp(
            "PostgreSQL instead of SQLite (RUSHES_DATABASE_URL).", valueName: "postgres://user:password@host/name"))
    var databaseURL: String?

    @Option(
        name: .customLong("database-writers"),
        help: "Connections for writing, on PostgreSQL (RUSHES_DATABASE_WRITERS; default 4).")
    var databaseWriters: String?

    @Option(
        name: .customLong("database-readers"),
        help: "Connections for reading, on PostgreSQL (RUSHES_DATABASE_READERS; default 4).")
    var databaseReaders: String?

    @Option(help: "api, worker or all; on SQLite only all (RUSHES_ROLE; default all).")
    var role: String?

    @Option(
        name: .customLong("blob-dir"),
        help: "The folder of the videos; nodes on one PostgreSQL share it (RUSHES_BLOB_DIR; default DIR/blobs).",
        completion: .directory)
    var blobDirectory: String?

    @Option(
        name: .customLong("shutdown-delay"),
        help: ArgumentHelp(
            "Seconds from not ready to the end of intake, 0 to 20 (RUSHES_SHUTDOWN_DELAY_SECONDS; default 3 for the API "
                + "on PostgreSQL, else 0).", valueName: "seconds"))
    var shutdownDelay: String?

    @Option(
        name: .customLong("sandbox-speed"),
        help: "What the embedded sandbox divides its latencies by (RUSHES_SANDBOX_SPEED; default 1).")
    var sandboxSpeed: String?

    @Option(
        name: .customLong("media"),
        help: ArgumentHelp(
            "on: ffprobe checks videos and ffmpeg makes posters and sprite sheets that providers have not, where "
                + "they are installed; off: structure only, no images (RUSHES_MEDIA; default on).",
            valueName: "on|off"))
    var media: String?

    @Flag(
        name: .customLong("webhooks-allow-private"),
        help:
            "Send webhooks over plain HTTP and to private addresses too, for development (RUSHES_WEBHOOKS_ALLOW_PRIVATE=on)."
    )
    var webhooksAllowPrivate = false

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
            "databaseWriters": databaseWriters, "databaseReaders": databaseReaders, "blobDir": blobDirectory,
            "shutdownDelaySeconds": shutdownDelay, "sandboxSpeed": sandboxSpeed, "media": media,
            "config": config, "webhooksAllowPrivate": webhooksAllowPrivate ? "on" : nil,
        ].compactMapValues { $0 }
    }
}
