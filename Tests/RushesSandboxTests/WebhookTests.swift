import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Testing

@testable import RushesSandbox

@Suite struct WebhookTests {
    private static let secret = SandboxConfiguration.webhookSecretDefault

    /// The vector of `reference/provider-apis.md` 1.10, checked with the real libraries.
    @Test func theSignatureIsThatOfStandardWebhooks() throws {
        let body =
            #"{"id":"evt_0001","object":"event","created_at":1790000000,"type":"video.completed","#
            + #""data":{"id":"video_0001"}}"#
        let signature = try #require(WebhookSignature(secret: Self.secret))
        #expect(
            signature.sign(id: "wh_0001", seconds: 1_790_000_000, body: body)
                == "v1,4WMuL8BC8DpPMHd0SjX068djgQqkEii38xC8VKDxFm8=")
        for text in ["", "whsec_", "whsec_AAAA", "cnVzaGVzLXNhbmRib3gtc2lnbmluZy1rZXktMDAwMDE="] {
            #expect(WebhookSignature(secret: text) == nil)
        }
    }

    /// What a receiver got of one event.
    private struct Delivery: Sendable {
        let id: String
        let type: String
        let video: String
        let isSigned: Bool
    }

    @Test(.timeLimit(.minutes(1)))
    func endsAreToldAndTroubleIsPlayed() async throws {
        let deliveries = Mutex<[Delivery]>([])
        let signature = try #require(WebhookSignature(secret: Self.secret))
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var quiet = Logger(label: "receiver")
        quiet.logLevel = .critical
        let receiver = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in
                let body = String(buffer: try await request.body.collect(upTo: 10_000))
                let json = try JSONObject(ByteBuffer(string: body))
                func header(_ name: String) -> String { HTTPField.Name(name).flatMap { request.headers[$0] } ?? "" }
                let expected = signature.sign(
                    id: header("webhook-id"), seconds: Int64(header("webhook-timestamp")) ?? 0, body: body)
                deliveries.withLock {
                    $0.append(
                        Delivery(
                            id: header("webhook-id"), type: json.string("type") ?? "",
                            video: json.object("data")?.string("id") ?? "",
                            isSigned: expected == header("webhook-signature")))
                }
                return Response(status: .ok)
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: quiet)
        let group = ServiceGroup(services: [receiver], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let number = try #require(await ports.first { _ in true })
            let fixture = try SandboxFixture()
            try await fixture.run(.live, webhookURL: "http://127.0.0.1:\(number)/hook") { client in
                var jobs: [String: String] = [:]
                for prompt in [
                    "plain", "[sim:fail]", "[sim:webhook-twice]", "[sim:webhook-never]", "[sim:webhook-forged]",
                ] {
                    jobs[prompt] = try await client.job(prompt)
                }
                fixture.advance(seconds: 600)
                while deliveries.withLock({ $0.count }) < 5 { try await Task.sleep(for: .milliseconds(20)) }
                let told = deliveries.withLock { $0 }
                func of(_ prompt: String) -> [Delivery] { told.filter { $0.video == jobs[prompt] } }
                #expect(of("plain").map(\.type) == ["video.completed"] && of("plain").allSatisfy(\.isSigned))
                #expect(of("[sim:fail]").map(\.type) == ["video.failed"])
                #expect(of("[sim:webhook-twice]").count == 2)
                #expect(Set(of("[sim:webhook-twice]").map(\.id)).count == 1)
                #expect(of("[sim:webhook-never]").isEmpty)
                #expect(of("[sim:webhook-forged]").map(\.isSigned) == [false])
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
