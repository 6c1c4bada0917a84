import NIOCore
import RushesEngine
import RushesTesting
import Synchronization
import Testing

@Suite struct WebhookSenderConformanceTests {
    @Test(arguments: WebhookSenderConformance.cases)
    func follows(_ rule: ConformanceCase<WebhookSenderUnderTest>) async throws {
        let answer = Answer()
        try await Receiver.with { _, channel in
            channel.writeAndFlush(ByteBuffer(bytes: answer.bytes)).whenComplete { _ in channel.close(promise: nil) }
        } _: { receiver in
            try await rule.check(
                WebhookSenderUnderTest(
                    sender: try SenderFixture.development(), url: "http://127.0.0.1:\(receiver.port)/hooks?a=b",
                    answer: { answer.set($0) }, received: { receiver.seen.messages }))
        }
    }
}

/// What the receiver answers, as bytes.
private final class Answer: Sendable {
    private let current = Mutex(WebhookAnswer(200))

    func set(_ answer: WebhookAnswer) { current.withLock { $0 = answer } }

    var bytes: [UInt8] {
        let answer = current.withLock { $0 }
        var head = "HTTP/1.1 \(answer.status) Whatever\r\n"
        for field in answer.headers { head += "\(field.name): \(field.value)\r\n" }
        if answer.status != 204, answer.status != 304 { head += "content-length: \(answer.body.count)\r\n" }
        return Array((head + "\r\n").utf8) + answer.body
    }
}
