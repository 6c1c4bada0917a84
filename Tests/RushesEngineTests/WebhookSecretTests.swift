import RushesCore
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Secrets of webhooks", .onEachDatabase)
struct WebhookSecretTests {
    @Test("old and new secrets sign together until the old ones end")
    func rotation() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, oldText) = try await hooks.endpoint()
            let rotated = try await hooks.service.rotate(
                endpoint.id, overlapSeconds: 3_600, of: hooks.world.organization)
            let (old, new) = (try #require(WebhookSecret(oldText)), try #require(WebhookSecret(rotated.text)))
            try await hooks.write(1)
            try await hooks.settle()
            let during = try #require(hooks.receiver.arrivals.last)
            #expect(during["webhook-signature"].split(separator: " ").count == 2)
            #expect(during.webhook.isAuthentic(old, at: during.at) && during.webhook.isAuthentic(new, at: during.at))
            hooks.world.clock.advance(seconds: 3_599)
            try await hooks.write(1)
            try await hooks.settle()
            let before = try #require(hooks.receiver.arrivals.last)
            #expect(before.webhook.isAuthentic(old, at: before.at))
            hooks.world.clock.advance(seconds: 1)
            try await hooks.write(1)
            try await hooks.settle()
            let after = try #require(hooks.receiver.arrivals.last)
            #expect(!after.webhook.isAuthentic(old, at: after.at) && after.webhook.isAuthentic(new, at: after.at))
            let shown = try await hooks.service.secrets(of: endpoint.id, in: hooks.world.organization)
            #expect(shown.map(\.id) == [rotated.secret.id])
        }
    }

    @Test("no more than four sign at the same time, and none is kept as it is")
    func limits() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, text) = try await hooks.endpoint()
            for _ in 0..<3 {
                _ = try await hooks.service.rotate(endpoint.id, overlapSeconds: 60, of: hooks.world.organization)
            }
            await #expect(throws: Refusal.tooManyWebhookSecrets) {
                _ = try await hooks.service.rotate(endpoint.id, overlapSeconds: 60, of: hooks.world.organization)
            }
            let newest = try await hooks.service.rotate(endpoint.id, overlapSeconds: 0, of: hooks.world.organization)
            let secrets = try await hooks.service.secrets(of: endpoint.id, in: hooks.world.organization)
            #expect(secrets.map(\.id) == [newest.secret.id])
            #expect(!newest.secret.sealed.contains(newest.text.dropFirst(6)))
            #expect(newest.text != text && newest.secret.hint == String(newest.text.suffix(4)))
        }
    }

    @Test("secrets are sealed again with the newest key, and then open without the older one")
    func renewal() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, text) = try await hooks.endpoint()
            let rotated = try await hooks.service.rotate(
                endpoint.id, overlapSeconds: 60, of: hooks.world.organization)
            let new = try #require(SecretSealKey("Q" + String(repeating: "A", count: 42) + "="))
            let old = try #require(SecretSealKey(String(repeating: "A", count: 43) + "="))
            let both = try #require(SecretSeal([new, old]))
            let tools = hooks.tools(sealing: both)
            #expect(try await SecretRenewal(hooks.world.engine, tools).run() == .init(renewed: 2, unreadable: 0))
            #expect(try await SecretRenewal(hooks.world.engine, tools).run() == .init())
            let alone = hooks.tools(sealing: try #require(SecretSeal([new])))
            let secrets = try await hooks.service.secrets(of: endpoint.id, in: hooks.world.organization)
            let opened = try secrets.map { try alone.seal.open($0.sealed, for: endpoint.id.rawValue) }
            #expect(opened == [rotated.text, text])
            #expect(try await SecretRenewal(hooks.world.engine, hooks.tools).run() == .init(renewed: 0, unreadable: 2))
            try await hooks.world.expectIntact()
        }
    }

    @Test("a secret that cannot be opened is not sent without a signature")
    func lostKey() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            try await hooks.write(1)
            let other = try #require(SecretSealKey("Q" + String(repeating: "A", count: 42) + "="))
            let tools = hooks.tools(sealing: try #require(SecretSeal([other])))
            _ = try await Announcer(hooks.world.engine, tools).step()
            _ = try await Courier(hooks.world.engine, tools).step()
            #expect(hooks.receiver.arrivals.isEmpty)
            #expect(try await hooks.deliveries(to: endpoint).first?.failure == .workerLost)
        }
    }
}

extension WebhookWorld {
    /// The same tools with other keys.
    fileprivate func tools(sealing seal: SecretSeal) -> WebhookTools {
        WebhookTools(
            database: tools.database, sender: receiver, seal: seal, urlPolicy: tools.urlPolicy,
            renderer: tools.renderer)
    }
}
