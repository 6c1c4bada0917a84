import ArgumentParser
import Logging
import RushesSandbox
import ServiceLifecycle
import UnixSignals

/// `rushes sandbox`
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "Run the provider emulator: OpenAI Videos and Veo with scripted faults.",
        discussion: """
            Prompts steer it: [sim:fail] [sim:moderation] [sim:timeout] [sim:late] [sim:unknown-status] [sim:429] [sim:500]
            [sim:drop] [sim:corrupt] [sim:truncated] [sim:slow=S] [sim:queue=S] [sim:slow-body=S] [sim:fail=CODE]
            [sim:empty] [sim:expired] [sim:lost] [sim:blocked] [sim:invalid] [sim:quota] [sim:401] [sim:503]
            [sim:retired], and for webhooks [sim:webhook-twice] [sim:webhook-late] [sim:webhook-never]
            [sim:webhook-forged]. Faults for all calls to come are ordered with the key, until DELETE on the same path:
            POST /_sandbox/faults {"call": create|poll|list|content|token, "kind": rate_limited|spend_limit|
            unauthorized|forbidden|unavailable|server_error|retired|moderated|invalid|drop|drop_answer|hang|limited|
            raw, "dialect", "count", "seconds", "every", "creates_per_minute", "status", "body", "headers"}.
            GET /_sandbox/counters tells what it saw. Jobs survive a restart. Point a server at it with
            RUSHES_OPENAI_BASE_URL=http://127.0.0.1:9100/v1 and RUSHES_OPENAI_API_KEY=sandbox; for Veo's dialects leave
            out /v1. The key of its service account is service-account.json in its folder.
            """)

    @Option(help: "Host and port; port 0 takes any free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 9_100)

    @Option(name: .customLong("data-dir"), help: "The folder of its jobs and clips.", completion: .directory)
    var dataDirectory = "rushes-data/sandbox"

    @Option(help: "What the latencies are divided by.")
    var speed = 1.0

    @Option(name: .customLong("api-key"), help: "The only key that it accepts.")
    var apiKey = "sandbox"

    @Option(name: .customLong("public-url"), help: "The address in the answers of Veo's dialects, if not this one.")
    var publicURL: String?

    @Option(name: .customLong("webhook-url"), help: "Where the ends of OpenAI videos are told.")
    var webhookURL: String?

    @Option(name: .customLong("webhook-secret"), help: "What such events are signed with: whsec_ and base64.")
    var webhookSecret = SandboxConfiguration.webhookSecretDefault

    func validate() throws {
        guard speed >= 0.01 else { throw ValidationError("--speed is at least 0.01.") }
    }

    func run() async throws {
        let logger = Logger(label: "rushes.sandbox") { StreamLogHandler.standardError(label: $0) }
        let server = SandboxServer(
            configuration: SandboxConfiguration(
                host: listen.host, port: listen.port, dataDirectory: dataDirectory, speed: speed, apiKey: apiKey,
                publicURL: publicURL, hasServiceAccount: true, webhookURL: webhookURL,
                webhookSecret: webhookSecret),
            logger: logger)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}
