import ArgumentParser
import RushesCore
import RushesEngine
import RushesServer
import RushesWire

/// `rushes trigger`
struct TriggerCommand: AsyncParsableCommand {
    private static let types = EventType.allCases.filter(\.isDelivered).map(\.rawValue)

    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Send a signed sample of an event to a receiver on your machine.",
        discussion: """
            Without --forward-to it writes the body to stdout. Nothing in a sample exists, and it says
            "livemode": false. No server is needed.

            EVENTS
              \(types.joined(separator: "\n  "))
            """)

    @Argument(help: "The event, such as batch.completed.")
    var event: String

    @Option(name: .customLong("forward-to"), help: "Where your receiver listens: http://localhost:3000/hooks.")
    var forwardTo: String?

    @Option(help: "What to sign with, whsec_... (RUSHES_WEBHOOK_SECRET; default a new one, which it says).")
    var secret: String?

    @Flag(help: "Write what came of it as JSON to stdout.")
    var json = false

    func validate() throws {
        guard Self.types.contains(event) else {
            throw ValidationError("\(event) is none of \(Self.types.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        guard let type = EventType(rawValue: event) else { return }  // looked at in validate()
        let environment = RushesEngine.Environment.process
        let text = try WebhookRendering.sample(
            type, id: environment.ids.next(EventIdentity.self), at: environment.now())
        guard let forwardTo else { return output(text) }
        let body = try WireJSON.decode(WebhookBody.self, from: Array(text.utf8))
        let forwarded = try await EventForwarder(to: forwardTo, secret: secret).forward(body, text)
        try forwarded.report(asJSON: json)
        if forwarded.failure != nil { throw ExitCode(ExitStatus.error.rawValue) }
    }
}
