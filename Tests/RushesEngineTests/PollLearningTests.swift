import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Looks at running jobs", .onEachDatabase)
struct PollLearningTests {
    @Test("a lane learns from its jobs and then looks when they end, with fewer polls", .timeLimit(.minutes(15)))
    func learns() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(1_000_000_000)
            world.provider.script { $0.pollAfter = nil }
            var polls: [Int] = []
            for number in 0..<3 {
                let before = world.provider.polls
                let clock = world.clock
                world.provider.script { script in
                    script.pollJob = { job in
                        clock.now.milliseconds(since: job.createdAt) >= 50_000 + Int64(job.id.rawValue.count) * 500
                            ? .completed : .running(pollAfterMilliseconds: nil, unfamiliarStatus: nil)
                    }
                }
                try await world.create(80, requestID: "r-\(number)")
                try await world.run(seconds: 75)
                polls.append(world.provider.polls - before)
            }
            let times = CompletionTimes(try await world.lane().completionTimes)
            #expect(times.isTelling)
            #expect((47_000...60_000).contains(times.quantile(permille: 500)))
            #expect(polls[2] * 2 < polls[0], "\(polls)")
            #expect(try await world.batches.list(world).allSatisfy { $0.status == .completed })
        }
    }

    @Test("an account's budget of polls stretches the pauses over all its lanes, and the last look is kept")
    func budget() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(1_000_000_000)
            world.provider.script { $0.poll = { _ in .working } }
            let lane = Catalogue.sora().route.lane
            _ = try await world.operators.limitLane(
                lane, LaneLimits(maxInFlight: nil, createsPerMinute: nil), pollsPerMinute: 60)
            try await world.create(30, requestID: "sora")
            try await world.create(30, model: "veo-pro", requestID: "veo")
            try await world.run(seconds: 2)
            let first = world.provider.polls
            // Sixty jobs and sixty polls a minute: each is looked at once a minute.
            try await world.run(seconds: 110)
            #expect((50...130).contains(world.provider.polls - first), "\(world.provider.polls - first)")
            try await world.run(seconds: 20)
            let ended = try await world.batches.list(world).first { $0.model == "sora-2" }
            #expect(ended?.counts.failed == 30, "at the deadline every one was looked at once more, and timed out")
        }
    }
}

extension BatchService {
    fileprivate func list(_ world: EngineWorld) async throws -> [Batch] {
        try await world.database.read { reader in
            try reader.batches(of: world.organization, before: nil, limit: 10)
        }
    }
}
