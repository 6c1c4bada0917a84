package import RushesCore
package import RushesEngine
import Testing

/// A sender and a receiver that answers as a rule wants it.
package struct WebhookSenderUnderTest: Sendable {
    /// The sender.
    package let sender: any WebhookSender
    /// Where the receiver listens.
    package let url: String
    /// Tells the receiver what to answer from now on.
    package let answer: @Sendable (WebhookAnswer) -> Void
    /// What the receiver was sent, the oldest first.
    package let received: @Sendable () -> [WebhookMessage]

    /// A sender and its receiver from their parts.
    package init(
        sender: any WebhookSender, url: String, answer: @escaping @Sendable (WebhookAnswer) -> Void,
        received: @escaping @Sendable () -> [WebhookMessage]
    ) {
        self.sender = sender
        self.url = url
        self.answer = answer
        self.received = received
    }
}

/// What a receiver answers.
package struct WebhookAnswer: Sendable {
    /// The status.
    package var status: Int
    /// Fields of the head.
    package var headers: [HeaderField] = []
    /// The body.
    package var body: [UInt8] = []

    /// An answer from its parts.
    package init(_ status: Int, headers: [HeaderField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What every implementation of the `WebhookSender` port does; each case has a receiver of its own, whose clock stands
/// at `now`.
package enum WebhookSenderConformance {
    /// Where the clock of the sender stands: Mon, 23 Nov 2026 09:30:00 GMT.
    package static let now = Timestamp(milliseconds: 1_795_426_200_000)

    /// All rules.
    package static var cases: [ConformanceCase<WebhookSenderUnderTest>] {
        [
            ConformanceCase("a message arrives once, with its bytes and its fields") { subject in
                let taken = 204
                subject.answer(WebhookAnswer(taken))
                let body = Array(#"{"type":"batch.completed","data":{"name":"é"}}"#.utf8) + [0xff, 0x00, 0x0a]
                let fields = [HeaderField("webhook-id", "msg_1"), HeaderField("rushes-event", "batch.completed")]
                let exchange = await subject.sender.send(WebhookMessage(url: subject.url, headers: fields, body: body))
                #expect(exchange.failure == nil && exchange.status == taken)
                #expect(exchange.responseBody.isEmpty && !exchange.isTruncated)
                let received = subject.received()
                #expect(received.count == 1)
                let message = try #require(received.first)
                #expect(message.body == body)
                #expect(fields.allSatisfy(message.headers.contains))
                for (name, value) in [
                    ("content-type", "application/json"), ("content-length", String(body.count)),
                    ("accept-encoding", "identity"),
                ] {
                    #expect(message.headers.filter { $0.name == name }.map(\.value) == [value])
                }
            },
            ConformanceCase("every status has its meaning, and nothing is sent again") { subject in
                let meanings: [(Int, DeliveryFailure?)] = [
                    (200, nil), (201, nil), (202, nil), (204, nil), (299, nil), (301, .redirectNotFollowed),
                    (302, .redirectNotFollowed), (303, .redirectNotFollowed), (304, .redirectNotFollowed),
                    (307, .redirectNotFollowed), (308, .redirectNotFollowed), (400, .clientError), (401, .clientError),
                    (404, .clientError), (408, .clientError), (410, .gone), (429, .tooManyRequests),
                    (500, .serverError), (502, .serverError), (503, .serverError), (599, .serverError),
                ]
                for (index, (status, failure)) in meanings.enumerated() {
                    subject.answer(WebhookAnswer(status, headers: [HeaderField("location", subject.url)]))
                    let exchange = await subject.send("{}")
                    #expect(exchange.failure == failure && exchange.status == status, "\(status)")
                    #expect(subject.received().count == index + 1, "\(status)")
                }
            },
            ConformanceCase("the first 4 KiB of an answer are kept") { subject in
                let limit = Limits.webhookResponseBytesKept
                for (count, isCut) in [(0, false), (1, false), (limit, false), (limit + 1, true), (60_000, true)] {
                    subject.answer(WebhookAnswer(200, body: [UInt8](repeating: 0x61, count: count)))
                    let exchange = await subject.send("{}")
                    #expect(exchange.failure == nil)
                    #expect(exchange.responseBody == String(repeating: "a", count: min(count, limit)), "\(count)")
                    #expect(exchange.isTruncated == isCut, "\(count)")
                }
            },
            ConformanceCase("an answer becomes text that every database takes") { subject in
                subject.answer(WebhookAnswer(500, body: [0x61, 0x00, 0xff, 0xc3, 0xa9, 0x62, 0xc3]))
                #expect(await subject.send("{}").responseBody == "a\u{fffd}\u{fffd}éb\u{fffd}")
            },
            ConformanceCase("only fields that are none of a secret are kept, in lower case") { subject in
                subject.answer(
                    WebhookAnswer(
                        500,
                        headers: [
                            HeaderField("Set-Cookie", "a=b"), HeaderField("X-Request-Id", "r1"),
                            HeaderField("Server", "nginx"), HeaderField("Authorization", "no"),
                        ]))
                let kept = await subject.send("{}").responseHeaders
                #expect(
                    kept.contains(HeaderField("x-request-id", "r1")) && kept.contains(HeaderField("server", "nginx")))
                #expect(kept.allSatisfy { WebhookExchange.keptHeaders.contains($0.name) })
            },
            ConformanceCase("a wish to be left alone is read in both forms") { subject in
                let wishes: [(String, Int64?)] = [
                    ("0", 0), ("7", 7), ("86400", 86_400), ("Mon, 23 Nov 2026 09:31:30 GMT", 90),
                    ("Mon, 23 Nov 2026 09:00:00 GMT", 0), ("soon", nil), ("-5", nil),
                ]
                for (text, seconds) in wishes {
                    subject.answer(WebhookAnswer(503, headers: [HeaderField("retry-after", text)]))
                    #expect(await subject.send("{}").retryAfterSeconds == seconds, "\(text)")
                }
                subject.answer(WebhookAnswer(503))
                #expect(await subject.send("{}").retryAfterSeconds == nil)
            },
        ]
    }
}

extension WebhookSenderUnderTest {
    fileprivate func send(_ body: String) async -> WebhookExchange {
        await sender.send(WebhookMessage(url: url, headers: [], body: Array(body.utf8)))
    }
}
