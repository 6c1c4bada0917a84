import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Many couriers at once", .onEachDatabase)
struct WebhookRaceTests {
    /// Two nodes with eight workers each; nodes share nothing but the database.
    @Test("of ten thousand deliveries each is claimed once", .timeLimit(.minutes(5)))
    func race() async throws {
        try await EngineWorld.with { world in
            let hooks = WebhookWorld(world) { await Task.yield() }
            for number in 0..<20 {
                try await hooks.endpoint(["wallet.topped_up"], url: "https://hooks.example.com/\(number)")
            }
            try await hooks.write(500)
            let announcer = Announcer(world.engine, hooks.tools)
            while try await announcer.step() > 0 {}
            // What its endpoint could not take at once is put off while much is due: some rounds send all of it.
            var rounds = 0
            while try await world.rows("SELECT 1 FROM webhook_delivery WHERE state = 'pending' LIMIT 1").count > 0 {
                rounds += 1
                try #require(rounds < 100)
                world.clock.advance(seconds: 10)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<16 {
                        group.addTask { try await Self.work(WebhookDispatch(world.engine, hooks.tools)) }
                    }
                    try await group.waitForAll()
                }
            }
            let arrivals = hooks.receiver.arrivals
            #expect(arrivals.count == 10_000)
            #expect(Set(arrivals.map { $0["rushes-delivery"] }).count == 10_000)
            #expect(hooks.receiver.mostUnderWayOfOneDelivery == 1)
            #expect(arrivals.allSatisfy { $0["rushes-attempt"] == "1" })
            let states = try await world.rows("SELECT state, COUNT(*) FROM webhook_delivery GROUP BY state")
            #expect(try states.map { try $0.text(0) } == ["succeeded"])
            try await world.expectIntact()
        }
    }

    /// Sends until nothing is due; what another worker is claiming just now is due again a moment later.
    private static func work(_ dispatch: WebhookDispatch) async throws {
        var idle = 0
        while idle < 20 {
            let claimed = try await dispatch.claim(16)
            idle = claimed.isEmpty ? idle + 1 : 0
            if claimed.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            var outcomes: [DeliveryOutcome] = []
            for one in claimed { outcomes.append(await dispatch.send(one)) }
            if !outcomes.isEmpty { try await dispatch.record(outcomes) }
        }
    }
}
