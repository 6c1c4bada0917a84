import NIOCore
import RushesCore
import RushesEngine
import RushesTesting
import RushesWebhooks
import Testing

/// No byte of a webhook arrives at an address that is denied.
@Suite struct AddressTests {
    private static let answer = Receiver.bytes("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

    /// One of every denied range, and every disguise of this machine's own address.
    static let denied = [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
    ]

    @Test(arguments: denied) func aNameWithADeniedAddressIsNotDialled(_ address: String) async throws {
        try await Self.watched { ports in
            for answers in [[address], ["93.184.216.34", address], [address, "2606:4700::1"]] {
                let resolver = ScriptedResolver(answers)
                let sender = try SenderFixture.production(ports: ports, resolver: resolver)
                for port in ports {
                    let exchange = await sender.send(SenderFixture.message("https://receiver.example:\(port)/"))
                    #expect(exchange.failure == .blockedAddress, "\(answers)")
                    #expect(exchange.timings.connectMilliseconds == nil && exchange.remoteAddress == nil)
                }
                #expect(resolver.asked == ports.map { _ in "receiver.example" })
            }
        }
    }

    @Test(arguments: denied) func aLiteralIsNotDialledEvenWhereLiteralsAreAllowed(_ address: String) async throws {
        try await Self.watched { ports in
            let host = address.contains(":") ? "[\(address)]" : address
            // The operator has opened a block, which allows literals, but not this one.
            let sender = try SenderFixture.production(
                ports: ports, allowing: ["127.9.9.9"], resolver: ScriptedResolver([address]))
            for port in ports {
                let exchange = await sender.send(SenderFixture.message("https://\(host):\(port)/"))
                #expect(exchange.failure == .blockedAddress)
                #expect(exchange.timings.connectMilliseconds == nil)
            }
        }
    }

    @Test(arguments: ["rushes.example.com", "RUSHES.example.com", "127.9.9.9"])
    func ourOwnHostIsRefusedBeforeAnybodyIsAsked(_ host: String) async throws {
        try await Self.watched { ports in
            let resolver = ScriptedResolver(["127.9.9.9"])
            let sender = try SenderFixture.production(
                ports: ports, allowing: ["127.9.9.9"], ownHosts: ["rushes.example.com", "127.9.9.9"],
                resolver: resolver)
            for port in ports {
                let exchange = await sender.send(SenderFixture.message("https://\(host):\(port)/"))
                #expect(exchange.failure == .blockedAddress && exchange.remoteAddress == nil)
            }
            #expect(resolver.asked.isEmpty)
        }
    }

    @Test(arguments: [
        "0x7f.1", "0x7f000001", "0X7F.0.0.1", "2130706433", "017700000001", "0177.0.0.1", "127.1", "127.0.1",
        "127.0.0.1.", "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal",
        "intranet", "receiver.example.", "user@receiver.example", "receiver.example\\@127.0.0.1", "１２７.0.0.1",
        "[::ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:0:0:1]", "[fe80::1%25lo]",
    ]) func everySpellingIsRefusedBeforeAnybodyIsAsked(_ host: String) async throws {
        try await Self.watched { ports in
            let resolver = ScriptedResolver(["127.0.0.1"])
            let sender = try SenderFixture.production(ports: ports, resolver: resolver)
            for port in ports {
                let exchange = await sender.send(SenderFixture.message("https://\(host):\(port)/"))
                #expect(exchange.failure == .blockedAddress)
            }
            #expect(resolver.asked.isEmpty)
        }
    }

    @Test func aNameThatChangesItsAddressReachesWhatWasJudged() async throws {
        let certificates = try #require(TestCertificates.current, "openssl is missing; run scripts/setup")
        let tls = try certificates.server()
        // 127.0.0.2 plays the public address.
        try await Receiver.with(host: "127.0.0.2", tls: tls, Self.answer) { outside in
            try await Receiver.with(host: "127.0.0.1", port: outside.port, tls: tls, Self.answer) { inside in
                let resolver = ScriptedResolver(["127.0.0.2"], ["127.0.0.1"])
                let sender = try SenderFixture.production(
                    ports: [outside.port], allowing: ["127.0.0.2"], resolver: resolver, roots: certificates.roots())
                let message = SenderFixture.message("https://receiver.example:\(outside.port)/")
                let first = await sender.send(message)
                #expect(first.failure == nil && first.remoteAddress == "127.0.0.2")
                #expect(resolver.asked.count == 1, "one look-up for one attempt")
                #expect(await sender.send(message).failure == .blockedAddress)
                #expect(resolver.asked.count == 2, "and a new one for the next")
                #expect(outside.seen.messages.count == 1)
                #expect(inside.seen.connections == 0 && inside.seen.bytes == 0)
            }
        }
    }

    @Test func aRedirectIsNotFollowed() async throws {
        try await Receiver.with(Self.answer) { inside in
            let redirect = Receiver.bytes(
                "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:\(inside.port)/\r\ncontent-length: 0\r\n\r\n")
            try await Receiver.with(host: "127.0.0.2", redirect) { outside in
                let sender = try SenderFixture.development(resolver: ScriptedResolver(["127.0.0.2"]))
                let exchange = await sender.send(SenderFixture.message("http://receiver.example:\(outside.port)/"))
                #expect(exchange.failure == .redirectNotFollowed && exchange.status == 307)
                #expect(exchange.responseHeaders.contains { $0.name == "location" })
                #expect(inside.seen.connections == 0 && inside.seen.bytes == 0)
            }
        }
    }

    @Test func aPolicyThatBecameStricterHoldsForOldURLs() async throws {
        try await Receiver.with(Self.answer) { receiver in
            let sender = try SenderFixture.production(ports: [443], resolver: ScriptedResolver(["127.0.0.1"]))
            for url in ["http://127.0.0.1:\(receiver.port)/", "https://receiver.example:\(receiver.port)/", "nonsense"]
            {
                #expect(await sender.send(SenderFixture.message(url)).failure == .blockedAddress)
            }
            #expect(receiver.seen.connections == 0)
        }
    }

    /// Runs `work` with the ports of receivers on this machine's own addresses, and expects that nobody came.
    private static func watched(_ work: (_ ports: Set<Int>) async throws -> Void) async throws {
        try await Receiver.with(host: "127.0.0.1", answer) { old in
            try await Receiver.with(host: "::1", answer) { new in
                try await work([old.port, new.port])
                for receiver in [old, new] {
                    #expect(receiver.seen.connections == 0 && receiver.seen.bytes == 0)
                }
            }
        }
    }
}
