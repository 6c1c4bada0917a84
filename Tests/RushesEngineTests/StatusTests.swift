import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("How promises are kept", .onEachDatabase)
struct StatusTests {
    @Test("every task that ends is counted once, by model and month", arguments: TestDatabase.allCases)
    func levels(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(100_000_000)
            let batch = try await world.create(12, requestID: "a")
            try await world.run(seconds: 30)
            let ended = try await world.batch(batch.id)
            #expect(ended.counts.open == 0 && ended.slaSeconds == 120)
            let status = try await StatusService(world.engine).status(in: nil)
            #expect(status.models.map(\.level.model) == ["sora-2", "veo-pro"])
            #expect(status.models.map(\.targetSeconds) == [120, 600])
            let level = status.models[0].level
            #expect(level.delivered == ended.counts.succeeded && level.withinTarget == level.delivered)
            #expect(level.timedOut + level.failed == ended.counts.failed)
            #expect(level.fromDispatch.total == level.delivered && status.models[1].level.isEmpty)
            let other = try await StatusService(world.engine).status(in: CalendarMonth(number: 197_001))
            #expect(other.models.allSatisfy { $0.level.isEmpty } && other.availability.measuredMinutes == 0)
        }
    }

    @Test("minutes without a heartbeat or with too many failures are down")
    func availability() async throws {
        try await EngineWorld.with { world in
            let status = StatusService(world.engine)
            func answer(_ requests: Int, failures: Int) {
                for number in 0..<requests { world.engine.requests.count(isFailure: number < failures) }
            }
            world.clock.advance(seconds: 60 - world.clock.now.seconds % 60)
            try await status.beat()
            world.clock.advance(seconds: 60)
            answer(19, failures: 19)
            try await status.beat()
            world.clock.advance(seconds: 20)
            try await status.beat()
            // A minute with nobody.
            world.clock.advance(seconds: 100)
            answer(40, failures: 2)
            try await status.beat()
            world.clock.advance(seconds: 60)
            answer(100, failures: 4)
            try await status.beat()
            world.clock.advance(seconds: 60)
            let availability = try await status.status(in: nil).availability
            #expect(availability.measuredMinutes == 5 && availability.downMinutes == 2)
            #expect(availability.ppm == 600_000)
        }
    }

    @Test("the status for everybody is at most ten seconds old")
    func recent() async throws {
        try await EngineWorld.with { world in
            let status = StatusService(world.engine)
            #expect(try await status.recentStatus().availability.measuredMinutes == 0)
            try await status.beat()
            world.clock.advance(seconds: 61)
            #expect(try await status.recentStatus().availability.measuredMinutes == 1)
            world.clock.advance(seconds: 9)
            let remembered = try await status.recentStatus()
            world.clock.advance(seconds: 60)
            #expect(try await status.recentStatus() != remembered)
        }
    }
}
