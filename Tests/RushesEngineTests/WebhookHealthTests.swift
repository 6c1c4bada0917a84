import RushesCore
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Endpoints that fail", .onEachDatabase)
struct WebhookHealthTests {
    @Test("an outage holds deliveries back behind one ping at a time, and nothing of them is lost")
    func outage() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            hooks.receiver.answers(503)
            // An event every ten seconds for ten minutes.
            for _ in 0..<60 {
                try await hooks.write(1)
                try await hooks.run(seconds: 10)
            }
            #expect(try await hooks.health(of: endpoint).state == .held)
            let pings = hooks.receiver.arrivals.filter { $0["rushes-event"] == "webhook.ping" }
            let pauses = zip(pings, pings.dropFirst()).map { $1.at.milliseconds(since: $0.at) / 1_000 }
            #expect(pauses == [60, 120, 240])
            let exhausted = try await hooks.deliveries(to: endpoint, .exhausted).count { $0.trigger == .auto }
            let held = try await hooks.deliveries(to: endpoint, .held)
            #expect(held.count + exhausted == 60 && exhausted <= 7)
            #expect(held.allSatisfy { $0.attempts < 3 })
            hooks.receiver.forget()
            hooks.receiver.answers(200)
            try await hooks.run(seconds: 400)
            #expect(try await hooks.health(of: endpoint).state == .active)
            #expect(try await hooks.deliveries(to: endpoint, .held).isEmpty)
            let arrivals = hooks.receiver.arrivals.filter { $0["rushes-event"] != "webhook.ping" }
            #expect(arrivals.count == held.count)
            // Slowly at first: one a second for ten seconds.
            let first = try #require(arrivals.first)
            #expect(arrivals.count { $0.at.milliseconds(since: first.at) < 10_000 } == 10)
            // What was given up before is sent on demand.
            let since = hooks.world.clock.now.adding(seconds: -1_200)
            let answer = try await hooks.service.recover(
                endpoint.id, since: since, until: nil, isDryRun: false, of: hooks.world.organization)
            guard case .begun(let recovery) = answer else {
                Issue.record("nothing was begun")
                return
            }
            #expect(recovery.total == exhausted)
            try await hooks.run(seconds: 5)
            let sequences = try await hooks.deliveries(to: endpoint, .succeeded).compactMap(\.eventSequence)
            #expect(Set(sequences).count == 60)
            try await hooks.world.expectIntact()
        }
    }

    @Test("410 disables at once; the others are told once, and what is skipped can be recovered")
    func gone() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint(["wallet.topped_up"], url: "https://gone.example.com/")
            let (other, _) = try await hooks.endpoint(["webhook.endpoint_disabled"], url: "https://ok.example.com/")
            hooks.receiver.answers { message in
                ScriptedReceiver.answer(message.url.contains("gone") ? 410 : 200)
            }
            try await hooks.write(1)
            try await hooks.run(seconds: 120)
            let health = try await hooks.health(of: endpoint)
            #expect(health.state == .disabled && health.disableReason == .gone && health.disabledAt != nil)
            #expect(hooks.receiver.arrivals.count { $0.message.url.contains("gone") } == 1)
            try await hooks.write(40)
            try await hooks.run(seconds: 10)
            #expect(hooks.receiver.arrivals.count { $0.message.url.contains("gone") } == 1)
            #expect(try await hooks.deliveries(to: other, .succeeded).count == 1)
            #expect(try await hooks.deliveries(to: endpoint, .skipped).count == 41)
            await #expect(throws: Refusal.webhookEndpointDisabled) {
                try await hooks.recover(endpoint, isDryRun: false)
            }
            #expect(try await hooks.recover(endpoint, isDryRun: true) == .count(41))
            let id = endpoint.id
            await #expect {
                try await hooks.service.enable(id, force: false, of: hooks.world.organization)
            } throws: { error in
                guard case .webhookTestFailed(let failure) = error as? Refusal else { return false }
                return failure.failure == .gone
            }
            hooks.receiver.answers(200)
            let enabled = try await hooks.service.enable(id, force: false, of: hooks.world.organization)
            #expect(enabled.health.state == .active)
            _ = try await hooks.recover(endpoint, isDryRun: false)
            try await hooks.run(seconds: 10)
            #expect(Set(try await hooks.deliveries(to: endpoint, .succeeded).compactMap(\.eventSequence)).count == 41)
            try await hooks.world.expectIntact()
        }
    }

    @Test("250 given up and 40 skipped are recovered in the order of the events, once")
    func recovery() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            hooks.receiver.answers(404)  // refuses, but is not down
            try await hooks.write(250)
            try await hooks.run(seconds: 150, stepSeconds: 5)
            #expect(try await hooks.deliveries(to: endpoint, .exhausted).count == 250)
            _ = try await hooks.service.disable(endpoint.id, of: hooks.world.organization)
            try await hooks.write(40)
            try await hooks.settle()
            _ = try await hooks.service.enable(endpoint.id, force: true, of: hooks.world.organization)
            // The notice that it was disabled was skipped too.
            #expect(try await hooks.recover(endpoint, isDryRun: true) == .count(291))
            hooks.receiver.forget()
            hooks.receiver.answers(200)
            guard case .begun(let begun) = try await hooks.recover(endpoint, isDryRun: false) else {
                Issue.record("nothing was begun")
                return
            }
            try await hooks.run(seconds: 30)
            let ended = try await hooks.service.recovery(begun.id, of: hooks.world.organization)
            #expect(ended.total == 291 && ended.enqueued == 291 && ended.endedAt != nil)
            let sequences = hooks.receiver.arrivals.compactMap(\.sequence)
            #expect(sequences.count == 291 && sequences == sequences.sorted())
            #expect(try await hooks.recover(endpoint, isDryRun: true) == .count(0))
            try await hooks.world.expectIntact()
        }
    }

    @Test("five days without a success disable, over restarts, and with one notice")
    func fiveDays() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint(["wallet.*"])
            let (other, _) = try await hooks.endpoint(["webhook.*"], url: "https://ok.example.com/")
            hooks.receiver.answers { message in
                ScriptedReceiver.answer(message.url.contains("ok.example") ? 200 : 500)
            }
            for hour in 0..<119 {
                if hour % 6 == 0 { try await hooks.write(1) }
                try await hooks.run(seconds: 3_600, stepSeconds: 300)
            }
            #expect(try await hooks.health(of: endpoint).state != .disabled)
            #expect(try await hooks.health(of: endpoint).disablesAt != nil)
            for _ in 0..<3 {
                try await hooks.write(1)
                try await hooks.run(seconds: 3_600, stepSeconds: 300)
            }
            let health = try await hooks.health(of: endpoint)
            #expect(health.state == .disabled && health.disableReason == .failing)
            let notices = try await hooks.deliveries(to: other).filter { $0.type == "webhook.endpoint_disabled" }
            #expect(notices.count == 1)
            #expect(try await hooks.deliveries(to: endpoint).allSatisfy { $0.state.isEnded })
            try await hooks.world.expectIntact()
        }
    }

    @Test("what waits for a deleted endpoint is cancelled")
    func deletion() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            hooks.receiver.answers(500)
            try await hooks.write(5)
            try await hooks.run(seconds: 2)
            try await hooks.service.delete(endpoint.id, of: hooks.world.organization)
            hooks.receiver.forget()
            try await hooks.write(1)
            try await hooks.run(seconds: 100)
            #expect(hooks.receiver.arrivals.isEmpty)
            let states = try await hooks.deliveries(to: endpoint).map(\.state)
            #expect(states == Array(repeating: .cancelled, count: 5))
            await #expect(throws: Refusal.notFound) {
                _ = try await hooks.service.endpoint(endpoint.id, of: hooks.world.organization)
            }
        }
    }
}

extension WebhookWorld {
    fileprivate func recover(_ endpoint: WebhookEndpoint, isDryRun: Bool) async throws -> RecoveryAnswer {
        try await service.recover(
            endpoint.id, since: world.clock.now.adding(seconds: -86_400), until: nil, isDryRun: isDryRun,
            of: world.organization)
    }
}

extension ScriptedReceiver.Arrival {
    /// The event's place, from the body.
    fileprivate var sequence: Int? {
        let body = String(decoding: message.body, as: UTF8.self)
        guard let match = body.firstMatch(of: #/"sequence":(\d+)/#) else { return nil }
        return Int(match.1)
    }
}
