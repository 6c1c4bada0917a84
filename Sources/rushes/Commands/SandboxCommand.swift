import ArgumentParser
import Logging
import RushesSandbox
import ServiceLifecycle
import UnixSignals

/// `rushes sandbox`
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Run the provider emulator: the OpenAI Videos dialect with scripted faults.",
        discussion: """
            Prompts steer it: [sim:fail] [sim:moderation] [sim:timeout] [sim:late] [sim:unknown-status] [sim:429] [sim:500]
            [sim:drop] [sim:corrupt] [sim:truncated] [sim:slow=S]. Jobs survive a restart. Point a server at it with
            RUSHES_OPENAI_BASE_URL=http://127.0.0.1:9100/v1 and RUSHES_OPENAI_API_KEY=sandbox.
            """)

    @Option(help: "Host and port; port 0 takes any free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 9_100)

    @Option(name: .customLong("data-dir"), help: "The folder of its jobs and clips.", completion: .directory)
    var dataDirectory = "rushes-data/sandbox"

    @Option(help: "What the latencies are divided by.")
    var speed = 1.0

    @Option(name: .customLong("api-key"), help: "The only key that it accepts.")
    var apiKey = "sandbox"

    func validate() throws {
        guard speed >= 0.01 else { throw ValidationError("--speed is at least 0.01.") }
    }

    func run() async throws {
        let logger = Logger(label: "rushes.sandbox") { StreamLogHandler.standardError(label: $0) }
        let server = SandboxServer(
            configuration: SandboxConfiguration(
                host: listen.host, port: listen.port, dataDirectory: dataDirectory, speed: speed, apiKey: apiKey),
            logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
