import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("What was sent is kept for 30 days", .onEachDatabase)
struct WebhookRetentionTests {
    private static let days: Int64 = 86_400

    @Test("bodies and attempts go 30 days after the end of their delivery, what came of it stays")
    func thirtyDays() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            try await hooks.write(3)
            try await hooks.run(seconds: 1)
            hooks.world.clock.advance(seconds: 30 * Self.days - 2)
            #expect(try await hooks.forget() == 0)
            try await hooks.write(1)
            try await hooks.settle()
            hooks.world.clock.advance(seconds: 2)
            #expect(try await hooks.forget() == 3)
            #expect(try await hooks.forget() == 0)
            let (deliveries, organization) = (try await hooks.deliveries(to: endpoint), hooks.world.organization)
            #expect(deliveries.count == 4 && deliveries.allSatisfy { $0.state == .succeeded && $0.attempts == 1 })
            #expect(deliveries.map { $0.expungedAt != nil } == [false, true, true, true])
            for (delivery, isKept) in zip(deliveries, [true, false, false, false]) {
                let record = try await hooks.service.delivery(delivery.id, of: organization)
                #expect((record.body != nil) == isKept && record.attempts.isEmpty == !isKept)
            }
            await #expect(throws: Refusal.webhookBodyExpunged) {
                _ = try await hooks.service.resend(deliveries[1].id, includeSucceeded: true, of: organization)
            }
            _ = try await hooks.service.resend(deliveries[0].id, includeSucceeded: true, of: organization)
            try await hooks.settle()
            #expect(hooks.receiver.arrivals.count == 5)
            try await hooks.world.expectIntact()
        }
    }

    @Test("what can still be recovered keeps its body, and is sent with the same bytes")
    func recoverable() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            hooks.receiver.answers { message in
                let isPing = message.headers.contains { $0.value == EventType.webhookPing.rawValue }
                return ScriptedReceiver.answer(isPing ? 200 : 500)
            }
            try await hooks.write(1)
            try await hooks.run(seconds: 100)
            #expect(try await hooks.deliveries(to: endpoint).map(\.state) == [.exhausted])
            let organization = hooks.world.organization
            // Recovered on the 29th day, in vain again, and once more on the 58th.
            for _ in 0..<2 {
                hooks.world.clock.advance(seconds: 29 * Self.days)
                _ = try await hooks.forget()
                let since = hooks.world.clock.now.adding(milliseconds: -30 * Self.days * 1_000)
                _ = try await hooks.service.recover(
                    endpoint.id, since: since, until: nil, isDryRun: false, of: organization)
                try await hooks.run(seconds: 200)
            }
            let arrivals = hooks.receiver.arrivals.filter { $0["rushes-event"] != EventType.webhookPing.rawValue }
            #expect(arrivals.map { $0["rushes-replay"] } == ["0", "0", "0", "1", "1", "1", "2", "2", "2"])
            #expect(Set(arrivals.map(\.message.body)).count == 1)
            #expect(try await hooks.deliveries(to: endpoint).count { $0.expungedAt != nil } == 1)
            hooks.world.clock.advance(seconds: 31 * Self.days)
            _ = try await hooks.forget()
            #expect(try await hooks.deliveries(to: endpoint).allSatisfy { $0.expungedAt != nil })
            let recovery = try await hooks.service.recover(
                endpoint.id, since: hooks.world.clock.now.adding(milliseconds: -30 * Self.days * 1_000), until: nil,
                isDryRun: true, of: organization)
            #expect(recovery == .count(0))
            try await hooks.world.expectIntact()
        }
    }

    @Test("a step is bounded, and what is still tried keeps everything")
    func bounded() async throws {
        try await WebhookWorld.with { hooks in
            let (endpoint, _) = try await hooks.endpoint()
            try await hooks.write(Limits.deliveriesPerMoveMax + 5)
            try await hooks.run(seconds: 10)
            hooks.receiver.answers(500)
            try await hooks.write(1)
            try await hooks.settle()
            hooks.world.clock.advance(seconds: 40 * Self.days)
            let step = WebhookRetention(hooks.tools)
            #expect(try await step.step() == Limits.deliveriesPerMoveMax)
            #expect(try await step.step() == 5)
            #expect(try await step.step() == 0)
            let open = try #require(try await hooks.deliveries(to: endpoint).first)
            #expect(open.endedAt == nil && open.expungedAt == nil)
            hooks.receiver.answers(204)
            try await hooks.settle()
            #expect(try await hooks.deliveries(to: endpoint, .pending).isEmpty)
            try await hooks.world.expectIntact()
        }
    }
}

extension WebhookWorld {
    /// Removes everything whose time is over; answers how many deliveries there were.
    fileprivate func forget() async throws -> Int {
        var removed = 0
        while true {
            let moved = try await WebhookRetention(tools).step()
            if moved == 0 { return removed }
            removed += moved
        }
    }
}
