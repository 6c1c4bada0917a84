import Foundation
import RushesCore
import RushesEngine
import RushesServer
import RushesWebhooks
import RushesWire

/// Signs events and sends them to a receiver that somebody is developing, exactly as the server would.
struct EventForwarder: Sendable {
    private let url: String
    private let secret: WebhookSecret
    private let sender: WebhookHTTPSender
    private let environment = RushesEngine.Environment.process

    /// A forwarder to a URL, private ones too.
    ///
    /// - Parameter secret: what it signs with; without one, `RUSHES_WEBHOOK_SECRET`, or a new one that it says.
    /// - Throws: `Complaint` for a URL or a secret that is none.
    init(to url: String, secret given: String?) throws {
        let policy = WebhookURLPolicy(allowsPrivate: true)
        do {
            self.url = try WebhookURL(url, policy: policy).description
        } catch {
            throw Complaint(message: "--forward-to \(url): \(error.reason)", status: .input)
        }
        secret = try Self.secret(given ?? ProcessInfo.processInfo.environment["RUSHES_WEBHOOK_SECRET"])
        sender = try WebhookHTTPSender(policy: policy, now: environment.now)
    }

    private static func secret(_ given: String?) throws -> WebhookSecret {
        guard let given else {
            let secret = WebhookSecret(RushesEngine.Environment.process.random)
            note("signing with \(secret.text)")
            return secret
        }
        guard let secret = WebhookSecret(given) else {
            throw Complaint(message: "a secret is whsec_ and at least 16 bytes in base64", status: .input)
        }
        return secret
    }

    /// Sends an event once.
    func forward(_ event: WebhookBody, _ text: String) async -> ForwardedEvent {
        let (now, body) = (environment.now(), Array(text.utf8))
        let signature = StandardWebhook.sign(id: event.id, timestamp: now, body: body, secrets: [secret])
        let exchange = await sender.send(
            WebhookMessage(
                url: url,
                headers: [
                    HeaderField("webhook-id", event.id), HeaderField("webhook-timestamp", String(now.seconds)),
                    HeaderField("webhook-signature", signature), HeaderField("rushes-event", event.type),
                ], body: body))
        return ForwardedEvent(event, exchange)
    }
}

/// What came of an event that was forwarded.
struct ForwardedEvent: Encodable, Sendable {
    private let seq: Int64?
    private let id: String
    private let type: String
    private let status: Int?
    /// Why it was not taken; nil when it was.
    let failure: String?
    private let milliseconds: Int64

    private enum CodingKeys: String, CodingKey {
        case seq
        case id
        case type
        case status
        case failure
        case milliseconds = "total_ms"
    }

    init(_ event: WebhookBody, _ exchange: WebhookExchange) {
        seq = event.sequence
        id = event.id
        type = event.type
        status = exchange.status
        failure = exchange.failure?.rawValue
        milliseconds = exchange.timings.totalMilliseconds
    }

    /// One line for people.
    var line: String {
        let place = seq.map { "#\($0) " } ?? ""
        let verdict = [status.map { String($0) }, failure].compactMap(\.self).joined(separator: " ")
        return "\(place)\(type) \(id) -> \(verdict) in \(milliseconds) ms"
    }

    /// Writes the line, or the JSON of it.
    func report(asJSON: Bool) throws {
        if asJSON { try outputJSON(self) } else { output(line) }
    }
}
