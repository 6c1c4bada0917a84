import ArgumentParser
import RushesClient
import RushesCore
import RushesWire

/// `rushes listen`
struct ListenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen", abstract: "Forward events to a receiver on your machine, signed as webhooks are.",
        discussion: """
            Reads the feed of events and sends each to --forward-to once, whatever comes of it; a line for each tells
            its place, status and milliseconds. Events that are written only where an endpoint asks for them
            (task.succeeded, task.failed, batch.progress) come when one does. Ctrl-C ends it.
            """)

    @Option(name: .customLong("forward-to"), help: "Where your receiver listens: http://localhost:3000/hooks.")
    var forwardTo: String

    @Option(help: "What to sign with, whsec_... (RUSHES_WEBHOOK_SECRET; default a new one, which it says).")
    var secret: String?

    @Option(help: "Only these: a type, or a family as batch.*; may be repeated.")
    var events: [String] = []

    @Option(help: "Begin after this place of the feed, 0 for its beginning; default with what happens from now on.")
    var after: Int64?

    @Option(
        name: .customLong("place-file"), help: "Keep the place in this file, and go on from there the next time.",
        completion: .file())
    var placeFile: String?

    @OptionGroup var customer: CustomerOptions

    func validate() throws {
        if let after, after < 0 { throw ValidationError("--after is 0 or more.") }
        do {
            _ = try EventFilter(events)
        } catch {
            throw ValidationError("--events \(error.pattern) names no event; see rushes trigger --help.")
        }
    }

    func run() async throws {
        let filter = try EventFilter(events.isEmpty ? ["*"] : events)
        let forwarder = try EventForwarder(to: forwardTo, secret: secret)
        try await customer.withClient(attempts: 8) { client in
            let feed = EventFeed(
                client: client, filter: filter, forwarder: forwarder, placePath: placeFile, isJSON: customer.json)
            let after = after
            try await interruptible(saying: "stopped listening") {
                var start = try after ?? feed.keptPlace()
                if start == nil { start = try await feed.newestPlace() }
                note("listening after place \(start ?? 0)")
                try await feed.follow(after: start ?? 0)
            }
        }
    }
}
