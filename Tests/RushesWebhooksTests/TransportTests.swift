import Foundation
import NIOCore
import NIOSSL
import RushesCore
import RushesEngine
import RushesTesting
import RushesWebhooks
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Names, connections and TLS.
@Suite struct TransportTests {
    private static let answer = Receiver.bytes("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func aCertificateOfTheNameIsTrusted(_ version: TLSVersion) async throws {
        let certificates = try #require(TestCertificates.current, "openssl is missing; run scripts/setup")
        let context = try certificates.server { $0.maximumTLSVersion = version }
        let (exchange, seen) = try await Self.send(tls: context, roots: certificates.roots())
        #expect(exchange.failure == nil && exchange.responseBody == "ok" && !exchange.isTruncated)
        #expect(exchange.tlsVersion == (version == .tlsv12 ? "TLSv1.2" : "TLSv1.3"))
        #expect(exchange.remoteAddress == "127.0.0.1")
        let timings = exchange.timings
        let parts = [
            timings.dnsMilliseconds, timings.connectMilliseconds, timings.tlsMilliseconds,
            timings.firstByteMilliseconds,
        ].compactMap(\.self)
        #expect(parts.count == 4 && parts.allSatisfy { $0 >= 0 })
        #expect(parts.reduce(0, +) <= timings.totalMilliseconds)
        let port = try #require(
            seen.messages.first?.headers.first { $0.name == "host" }?.value.split(separator: ":").last)
        #expect(seen.messages[0].headers.contains(HeaderField("host", "receiver.example:\(port)")))
        #expect(seen.messages[0].headers.contains(HeaderField("connection", "close")))
    }

    @Test func aCertificateThatIsExpiredOrOfAnotherNameOrOfNobodyIsNot() async throws {
        let certificates = try #require(TestCertificates.current, "openssl is missing; run scripts/setup")
        let (valid, expired) = (try certificates.server(), try certificates.server(isExpired: true))
        let cases: [(NIOSSLContext, String, [NIOSSLCertificate])] = [
            (expired, "receiver.example", try certificates.roots()),
            (valid, "other.example", try certificates.roots()),
            (valid, "receiver.example", []),
        ]
        for (context, name, roots) in cases {
            let (exchange, seen) = try await Self.send(to: name, tls: context, roots: roots)
            #expect(exchange.failure == .tlsCertificateInvalid, "\(name)")
            #expect(seen.messages.isEmpty && seen.bytes == 0, "\(name): not a byte of the message")
        }
    }

    @Test func aLiteralAddressIsNotTheNameOfACertificate() async throws {
        let certificates = try #require(TestCertificates.current, "openssl is missing; run scripts/setup")
        let (exchange, seen) = try await Self.send(
            to: "127.0.0.1", tls: try certificates.server(), roots: certificates.roots())
        #expect(exchange.failure == .tlsCertificateInvalid && seen.bytes == 0)
    }

    @Test func anOldVersionIsNotSpoken() async throws {
        let certificates = try #require(TestCertificates.current, "openssl is missing; run scripts/setup")
        let context = try certificates.server {
            $0.minimumTLSVersion = .tlsv1
            $0.maximumTLSVersion = .tlsv11
        }
        let (exchange, seen) = try await Self.send(tls: context, roots: certificates.roots())
        #expect(exchange.failure == .tlsHandshakeFailed && seen.bytes == 0)
    }

    @Test func plainHTTPWhereTLSIsExpectedIsNoHandshake() async throws {
        let exchange = try await Receiver.with(Self.answer) { receiver in
            await (try Self.sender(receiver, [])).send(
                SenderFixture.message("https://receiver.example:\(receiver.port)/"))
        }
        // The greeting of TLS is no request; a receiver that waits for one hangs until the time is up.
        #expect(exchange.failure == .requestTimeout && exchange.timings.tlsMilliseconds == nil)
        let greeting = try await RawServer.with(reply: "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n") {
            port in
            await (try SenderFixture.development()).send(SenderFixture.message("https://receiver.example:\(port)/"))
        }
        #expect(greeting.failure == .tlsHandshakeFailed && greeting.status == nil)
        let silence = try await RawServer.with(reply: "") { port in
            await (try SenderFixture.development()).send(SenderFixture.message("https://receiver.example:\(port)/"))
        }
        #expect(silence.failure == .tlsHandshakeFailed)
    }

    @Test func aPortWhereNobodyListensRefuses() async throws {
        try await SilentSocket.with(isListening: false) { port in
            let exchange = await (try SenderFixture.development()).send(
                SenderFixture.message("http://127.0.0.1:\(port)/"))
            #expect(exchange.failure == .connectRefused && exchange.remoteAddress == "127.0.0.1")
            #expect(exchange.timings.connectMilliseconds == nil)
        }
    }

    @Test func aReceiverThatTakesNoConnectionIsLeftInTime() async throws {
        try await SilentSocket.with(isListening: true) { port in
            let exchange = await (try SenderFixture.development()).send(
                SenderFixture.message("http://127.0.0.1:\(port)/"))
            #expect(exchange.failure == .connectTimeout)
            #expect(exchange.timings.totalMilliseconds <= Limits.webhookBudgetMilliseconds + 1_000)
        }
    }

    @Test func version6IsDialledWhenVersion4IsNotThere() async throws {
        try await Receiver.with(host: "::1", Self.answer) { receiver in
            let sender = try SenderFixture.development(resolver: ScriptedResolver(["127.0.0.3", "::1"]))
            let exchange = await sender.send(SenderFixture.message("http://receiver.example:\(receiver.port)/"))
            #expect(exchange.failure == nil && exchange.remoteAddress == "::1")
        }
    }

    @Test func aNameWithoutAddressFailsAndOneWithoutAnswerTimesOut() async throws {
        for (failure, expected) in [
            (HostLookupFailure.failed, DeliveryFailure.dnsFailed), (.timedOut, .dnsTimeout),
        ] {
            let sender = try SenderFixture.development(resolver: ScriptedResolver(failing: failure))
            let exchange = await sender.send(SenderFixture.message("https://receiver.example/"))
            #expect(exchange.failure == expected && exchange.remoteAddress == nil)
        }
    }

    @Test func theSystemKnowsThisMachine() async throws {
        let resolver = SystemHostResolver()
        let addresses = try await resolver.addresses(of: "localhost", within: 5_000)
        #expect(addresses.contains { $0.description == "127.0.0.1" || $0.description == "::1" })
        let many = try await withThrowingTaskGroup { group in
            for _ in 0..<100 { group.addTask { try await resolver.addresses(of: "localhost", within: 5_000) } }
            return try await group.reduce(into: Set<[NetworkAddress]>()) { $0.insert($1) }
        }
        #expect(many == [addresses])
        await #expect(throws: HostLookupFailure.self) {
            try await resolver.addresses(of: "no.such.name.invalid", within: 3_000)
        }
    }

    /// Sends one message to a name that leads to a receiver with TLS.
    private static func send(
        to name: String = "receiver.example", tls: NIOSSLContext, roots: [NIOSSLCertificate]
    ) async throws -> (WebhookExchange, Receiver.Seen) {
        try await Receiver.with(tls: tls, answer) { receiver in
            let url = "https://\(name):\(receiver.port)/"
            let exchange = await (try sender(receiver, roots)).send(SenderFixture.message(url))
            return (exchange, receiver.seen)
        }
    }

    private static func sender(_ receiver: Receiver, _ roots: [NIOSSLCertificate]) throws -> WebhookHTTPSender {
        try SenderFixture.production(
            ports: [receiver.port], allowing: ["127.0.0.1"], resolver: ScriptedResolver(["127.0.0.1"]), roots: roots)
    }
}
