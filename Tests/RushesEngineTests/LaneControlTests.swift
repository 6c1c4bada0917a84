import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Lanes under control", .onEachDatabase)
struct LaneControlTests {
    @Test("five failing creates in a row open the account; one task tries after 30 s, and a ramp follows")
    func breaker() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            let down = ProviderFault(.transient, message: "connection refused")
            world.provider.script { $0.submit = { _, _ in .refuse(down) } }
            let id = try await world.create(100).id
            let dispatcher = Dispatcher(world.engine)
            #expect(try await dispatcher.step() == 100)
            let opened = try await world.account()
            #expect(opened.breaker.state == .open && opened.breaker.openings == 1)
            #expect(try await world.batch(id).counts.queued == 100)
            world.clock.advance(seconds: 29)
            #expect(try await dispatcher.step() == 0)
            world.clock.advance(seconds: 1)
            #expect(try await dispatcher.step() == 1)
            #expect(try await world.account().breaker.state == .open)
            world.provider.script { $0.submit = { _, _ in .accept } }
            world.clock.advance(seconds: 30)
            #expect(try await dispatcher.step() == 1)
            let closed = try await world.account()
            #expect(closed.breaker.state == .closed)
            // A twentieth of a hundred slots, of which the probe has one.
            #expect(try await dispatcher.step() == 4)
            world.clock.advance(seconds: 10)
            #expect(try await dispatcher.step() == 5)
            world.clock.advance(seconds: 40)
            #expect(try await dispatcher.step() == 90)
            #expect(Set(try await world.tasks(of: id).map(\.generations)) == [1])
        }
    }

    @Test("what operators do to lanes is kept, with what it was before", arguments: TestDatabase.allCases)
    func acts(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let operators = world.operators
            let (sora, veo) = (Catalogue.sora().route.lane, Catalogue.veo.route.lane)
            let began = world.clock.now
            _ = try await operators.control(sora, .paused, reason: "quota", by: "ada")
            world.clock.advance(seconds: 1)
            let limits = LaneLimits(maxInFlight: 7, createsPerMinute: nil)
            _ = try await operators.limitLane(sora, limits, pollsPerMinute: 600, reason: "slow", by: "bob")
            // Nothing changes, so nothing is kept.
            _ = try await operators.limitLane(sora, limits, pollsPerMinute: 600)
            world.clock.advance(seconds: 1)
            _ = try await operators.control(veo, .killed, reason: nil)
            _ = try await operators.control(sora, .running, reason: nil)
            await #expect(throws: Refusal.self) { try await operators.control(sora, .paused, reason: nil, by: "") }
            await #expect(throws: Refusal.notFound) {
                try await operators.control(LaneID("no:lane"), .paused, reason: nil)
            }
            let acts = try await operators.laneActs(of: sora, limit: 10)
            #expect(acts.map(\.number) == [4, 3, 2, 1])
            #expect(
                acts.map(\.change) == [
                    LaneAct.Change(.control, from: "paused", to: "running"),
                    LaneAct.Change(.pollsPerMinute, from: "12000", to: "600"),
                    LaneAct.Change(.maxInFlight, from: nil as String?, to: "7"),
                    LaneAct.Change(.control, from: "running", to: "paused"),
                ])
            #expect(acts[3].note == LaneAct.Note(reason: "quota", by: "ada") && acts[3].actedAt == began)
            #expect(acts[0].note == LaneAct.Note() && acts[0].actedAt == began.adding(seconds: 2))
            #expect(try await operators.laneActs(of: nil, limit: 10).map(\.lane) == [veo, sora, sora, sora, sora])
            #expect(try await operators.laneActs(of: nil, limit: 2).count == 2)
            await #expect(throws: Refusal.notFound) { try await operators.laneActs(of: LaneID("no:lane"), limit: 1) }
        }
    }

    @Test("a refused key stops all lanes of the account at once, and one task of one lane tries")
    func account() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { $0.submit = { _, _ in .refuse(ProviderFault(.auth, message: "no")) } }
            try await world.create(10, maxConcurrency: 1)
            let dispatcher = Dispatcher(world.engine)
            #expect(try await dispatcher.step() == 1)
            try await world.create(10, model: "veo-pro", requestID: "r-2")
            world.clock.advance(seconds: 299)
            #expect(try await dispatcher.step() == 0)
            world.clock.advance(seconds: 1)
            #expect(try await dispatcher.step() == 1)
            #expect(world.provider.submissions.count == 2)
            _ = try await world.operators.control(Catalogue.sora().route.lane, .running, reason: "new key")
            #expect(try await dispatcher.step() == 1)
            let lanes = try await world.operators.lanes()
            #expect(lanes.map(\.account.breaker.state) == [.open, .open] && lanes.map(\.waiting) == [10, 10])
        }
    }

    @Test("failing polls open the account too, and answered ones forget them")
    func polls() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { $0.poll = { _ in .unavailable(ProviderFault(.transient, message: "503")) } }
            try await world.create(10, maxConcurrency: 4)
            try await world.run(seconds: 2)
            #expect(try await world.account().breaker.pollFaults == 4)
            world.provider.script { $0.poll = { _ in .working } }
            try await world.run(seconds: 6)
            #expect(try await world.account().breaker.pollFaults == 0)
            world.provider.script { $0.poll = { _ in .unavailable(ProviderFault(.transient, message: "503")) } }
            try await world.run(seconds: 10)
            #expect(try await world.account().breaker.state == .open)
        }
    }

    @Test("a paused lane waits and no deadline runs; a killed one fails what waits and lets finish what runs")
    func pauseAndKill() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { $0.poll = { _ in .working } }
            let lane = Catalogue.sora().route.lane
            let id = try await world.create(20, maxConcurrency: 5).id
            #expect(try await Dispatcher(world.engine).step() == 5)
            let paused = try await world.operators.control(lane, .paused, reason: "maintenance")
            #expect(paused.lane.control == .paused && paused.reason == "maintenance" && paused.waiting == 15)
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 300, stepSeconds: 10)
            let waiting = try await world.batch(id).counts
            #expect((waiting.succeeded, waiting.queued) == (5, 15))
            _ = try await world.operators.control(lane, .running, reason: nil)
            world.provider.script { $0.poll = { _ in .working } }
            #expect(try await Dispatcher(world.engine).step() == 5)
            _ = try await world.operators.control(lane, .killed, reason: "gone")
            try await world.run(seconds: 4)
            let killed = try await world.batch(id).counts
            #expect((killed.failed, killed.running) == (10, 5))
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 30)
            let ended = try await world.batch(id)
            #expect(ended.status == .partial && ended.counts.succeeded == 10)
            #expect(try await world.wallet() == [100_000_000 - 4_900_000, 0])
            let failed = try await world.tasks(of: id).compactMap(\.failure?.type)
            #expect(Set(failed) == [.providerUnavailable])
        }
    }

    @Test("an operator's limits go before the catalogue's, also the next one's")
    func limits() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            let lane = Catalogue.sora().route.lane
            let limits = LaneLimits(maxInFlight: 7, createsPerMinute: nil)
            let record = try await world.operators.limitLane(lane, limits, pollsPerMinute: 90)
            #expect(record.lane.maxInFlight == 7 && record.lane.createsPerMinute == 60_000)
            #expect(record.ownLimits == limits && record.account.pollsPerMinute == 90)
            _ = try await world.operators.apply(.sample())
            try await world.create(20)
            #expect(try await Dispatcher(world.engine).step() == 7)
            let free = try await world.operators.limitLane(
                lane, LaneLimits(maxInFlight: nil, createsPerMinute: nil), pollsPerMinute: nil)
            #expect(free.lane.maxInFlight == 100 && free.account.pollsPerMinute == 90)
            #expect(try await Dispatcher(world.engine).step() == 13)
            for bad in [
                LaneLimits(maxInFlight: 0, createsPerMinute: nil), LaneLimits(maxInFlight: 1, createsPerMinute: -1),
            ] {
                await #expect(throws: Refusal.self) {
                    try await world.operators.limitLane(lane, bad, pollsPerMinute: nil)
                }
            }
            await #expect(throws: Refusal.notFound) {
                try await world.operators.control(LaneID("no:lane"), .paused, reason: nil)
            }
        }
    }
}

extension EngineWorld {
    fileprivate func account() async throws -> ProviderAccount {
        try await database.read { try $0.providerAccount("test") }
    }
}
