import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Price books with dates", .onEachDatabase)
struct PriceBookTests {
    private static let spare = VideoModel(
        id: "spare", displayName: "Spare", unitPrice: Credits(micros: 1), minBatch: 1, maxBatch: 10, seconds: [4],
        sizes: ["1280x720"], slaSeconds: 60, deadlineSeconds: 60,
        route: ProviderRoute(provider: "test", model: "spare", maxInFlight: 1, createsPerMinute: 60),
        unknownCreatePolicy: .fail)

    @Test("take force at their date by the database's clock, and batches keep the price and version of their freeze")
    func takesForce() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(1_000_000_000)
            let before = try await world.create(10, requestID: "before")
            let date = world.clock.now.adding(seconds: 3_600)
            let dearer = Catalogue.sample(Catalogue.sora(price: 990_000))
            #expect(try await world.operators.apply(dearer, from: date) == 2)
            // An earlier change in between does not keep the waiting version from its date.
            #expect(try await world.operators.apply(.sample(Catalogue.sora(price: 500_000))) == 3)
            let between = try await world.create(10, requestID: "between")
            world.clock.advance(seconds: 3_599)
            let last = try await world.create(10, requestID: "last")
            world.clock.advance(seconds: 1)
            let after = try await world.create(10, requestID: "after")
            let quote = try await world.batches.quote(
                BatchDraft(
                    requestID: "q", model: "sora-2", tasks: (0..<10).map { TaskDraft(prompt: "good \($0)") }),
                for: world.organization)
            #expect(quote.priceVersion == 2 && quote.total.micros == 9_900_000)
            #expect([before, between, last, after].map(\.priceVersion) == [1, 3, 3, 2])
            #expect([before, between, last, after].map(\.unitPrice.micros) == [490_000, 500_000, 500_000, 990_000])
            // The first batch's window has not ended; all are charged what they were frozen for.
            try await world.run(seconds: 60)
            for batch in [before, between, last, after] {
                let ended = try await world.batches.batch(batch.id, of: world.organization)
                #expect(ended.status == .completed && ended.charged == batch.frozen)
            }
            let standings = try await world.operators.priceBookVersions().map(\.standing)
            #expect(standings == [.past, .inForce, .past])
            try await world.expectIntact()
        }
    }

    @Test("are refused in the past, as the first one, or when a model would go")
    func refusals() async throws {
        try await EngineWorld.with { world in
            let now = world.clock.now
            for date in [now, now.adding(milliseconds: -1)] {
                await #expect(throws: Refusal.self) { try await world.operators.apply(.sample(), from: date) }
            }
            let date = now.adding(seconds: 60)
            let extra = Catalogue(
                models: Catalogue.sample().models + [Self.spare], packages: Catalogue.sample().packages)
            #expect(try await world.operators.apply(.sample(), from: date) == 2)
            // Its model would be gone when version 2 takes force.
            do {
                try await world.operators.apply(extra)
                Issue.record("not refused")
            } catch Refusal.invalidCatalogue(let defects) {
                #expect(defects.count == 1 && defects[0].contains("version 2"))
            }
            #expect(try await world.operators.apply(extra, from: date) == 3)
            #expect(try await world.operators.apply(extra) == 4)
            let standings = try await world.operators.priceBookVersions().map(\.standing)
            #expect(standings == [.inForce, .waiting, .replaced, .past])
            #expect(try await world.operators.priceBook(version: 2).date == date)
            await #expect(throws: Refusal.notFound) { try await world.operators.priceBook(version: 9) }
        }
    }

    @Test("bring limits of lanes when they take force, and not before")
    func lanes() async throws {
        try await EngineWorld.with { world in
            let catalogue = Catalogue.sample(Catalogue.sora(maxInFlight: 3))
            try await world.operators.apply(catalogue, from: world.clock.now.adding(seconds: 60))
            let lane = Catalogue.sora().route.lane
            func limits() async throws -> Int? {
                _ = try await Sweeper(world.engine).step()
                return try await world.database.read { try $0.lane(lane)?.maxInFlight }
            }
            #expect(try await limits() == 100)
            world.clock.advance(seconds: 60)
            #expect(try await limits() == 3)
            // What an operator decides about the lane afterwards stays.
            _ = try await world.operators.limitLane(
                lane, LaneLimits(maxInFlight: 2, createsPerMinute: nil), pollsPerMinute: nil)
            #expect(try await limits() == 2)
        }
    }
}
