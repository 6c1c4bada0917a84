import Foundation
import RushesCore
import RushesEngine
import RushesSimulation
import RushesTesting
import RushesWebhooks
import RushesWire
import Testing

/// The receivers that the documentation hands out take what we send, and nothing else.
@Suite(.serialized) struct SampleReceiverTests {
    private static let newer = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    private static let older = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="

    @Test(.timeLimit(.minutes(3))) func python() async throws {
        try await Self.takesEveryEventAndRefusesWhatIsChanged(.python)
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: SampleReceiver.typeScript.isRunnable, "node or tsc is not installed"))
    func typeScript() async throws {
        try await Self.takesEveryEventAndRefusesWhatIsChanged(.typeScript)
    }

    @Test(.timeLimit(.minutes(3)), .enabled(if: SampleReceiver.go.isRunnable, "go is not installed"))
    func go() async throws {
        try await Self.takesEveryEventAndRefusesWhatIsChanged(.go)
    }

    private static func takesEveryEventAndRefusesWhatIsChanged(_ receiver: SampleReceiver) async throws {
        try await receiver.run(secret: Self.newer) { url in
            for type in EventType.allCases where type.isDelivered {
                #expect(try await Self.send(Self.signed(type), to: url) == 204, "\(type.rawValue)")
            }
            // Who has the new secret finds its signature in both orders, and who has only the old one does not fit.
            for secrets in [[Self.newer, Self.older], [Self.older, Self.newer]] {
                #expect(try await Self.send(Self.signed(.batchCompleted, secrets: secrets), to: url) == 204)
            }
            let signed = try Self.signed(.batchCompleted)
            func changing(_ index: Int, to value: String) -> WebhookMessage {
                var headers = signed.headers
                headers[index] = HeaderField(headers[index].name, value)
                return WebhookMessage(url: "", headers: headers, body: signed.body)
            }
            for (index, name) in ["webhook-id", "webhook-timestamp", "webhook-signature"].enumerated() {
                let value = signed.headers[index].value
                let changed = changing(index, to: value.dropLast() + (value.hasSuffix("1") ? "2" : "1"))
                #expect(try await Self.send(changed, to: url) == 400, "\(name)")
            }
            var body = signed.body
            body[10] ^= 1
            let bent = WebhookMessage(url: "", headers: signed.headers, body: body)
            #expect(try await Self.send(bent, to: url) == 400)
            #expect(try await Self.send(Self.signed(.batchCompleted, secrets: [Self.older]), to: url) == 400)
            for seconds: Int64 in [-400, 400] {
                let message = try Self.signed(.batchCompleted, shiftedBySeconds: seconds)
                #expect(try await Self.send(message, to: url) == 400, "\(seconds) s")
            }
            for signature in ["v1,", "v1,AAAA", "v1", "nonsense", "v1a," + signed.signature.dropFirst(3)] {
                #expect(try await Self.send(changing(2, to: signature), to: url) == 400, "\(signature)")
            }
        }
    }

    @Test func opensslComesToTheSameSignature() async throws {
        let folder = try TemporaryFolder()
        for type in EventType.allCases where type.isDelivered {
            let message = try Self.signed(type, secrets: [Self.older, Self.newer])
            let path = folder.path + "/" + type.rawValue
            try Data(message.body).write(to: URL(filePath: path))
            let fields = message.headers.map { "'\($0.value)'" }.joined(separator: " ")
            let command = "WEBHOOK_SECRET=\(Self.newer) \(SampleReceiver.folder)/verify.sh \(fields) \(path)"
            #expect(try String(decoding: Shell.output(command), as: UTF8.self) == "authentic\n")
            #expect(throws: Shell.Failed.self) { try Shell.output("printf x >>\(path); \(command)") }
        }
    }

    @Test func curlSendsWhatOurOwnVerifierTakes() async throws {
        let secret = try #require(WebhookSecret(Self.newer))
        let message = try Self.signed(.batchPartial)
        let path = NSTemporaryDirectory() + "/rushes-webhook-\(message.headers[0].value).json"
        try Data(message.body).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }  // A file that stays is only untidy.
        try await Receiver.with(Receiver.bytes("HTTP/1.1 204 No Content\r\n\r\n")) { receiver in
            let url = "http://127.0.0.1:\(receiver.port)/"
            let status = try Shell.output(
                "WEBHOOK_SECRET=\(Self.newer) \(SampleReceiver.folder)/send.sh \(url) \(path)")
            #expect(String(decoding: status, as: UTF8.self) == "204\n")
            let seen = try #require(receiver.seen.messages.first)
            func field(_ name: String) throws -> String {
                try #require(seen.headers.first { $0.name == name }).value
            }
            let webhook = StandardWebhook(
                id: try field("webhook-id"), timestamp: try field("webhook-timestamp"),
                signatures: try field("webhook-signature"), body: seen.body)
            #expect(webhook.body == message.body)
            #expect(webhook.isAuthentic(secret, at: try Self.now()))
        }
    }

    private static func signed(
        _ type: EventType, secrets: [String] = [newer], shiftedBySeconds shift: Int64 = 0
    ) throws -> WebhookMessage {
        let now = try now().adding(seconds: Int(shift))
        let id = SeededChance(seed: UInt64(now.milliseconds), clock: ManualClock(at: now)).next(EventIdentity.self)
        let body = Array(try WebhookRendering.sample(type, id: id, at: now).utf8)
        let signature = StandardWebhook.sign(
            id: id.rawValue, timestamp: now, body: body, secrets: secrets.compactMap { WebhookSecret($0) })
        return WebhookMessage(
            url: "",
            headers: [
                HeaderField("webhook-id", id.rawValue), HeaderField("webhook-timestamp", String(now.seconds)),
                HeaderField("webhook-signature", signature),
            ], body: body)
    }

    /// The wall clock: the receivers have no other.
    private static func now() throws -> Timestamp {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }

    private static func send(_ message: WebhookMessage, to url: String) async throws -> Int? {
        let sender = try SenderFixture.development()
        return await sender.send(WebhookMessage(url: url, headers: message.headers, body: message.body)).status
    }
}

extension WebhookMessage {
    fileprivate var signature: String { headers[2].value }
}
