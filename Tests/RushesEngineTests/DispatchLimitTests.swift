import RushesCore
import RushesDatabase
import RushesEngine
import RushesTesting
import Testing

@Suite("Limits of dispatch", .onEachDatabase)
struct DispatchLimitTests {
    @Test("a lane's cap and a batch's max_concurrency are never exceeded")
    func caps() async throws {
        try await EngineWorld.with(catalogue: .sample(Catalogue.sora(maxInFlight: 7))) { world in
            try await world.topUp(100_000_000)
            let narrow = try await world.create(30, requestID: "narrow", maxConcurrency: 2) { "narrow \($0)" }.id
            let wide = try await world.create(30, requestID: "wide") { "wide \($0)" }.id
            try await world.run(seconds: 120)
            #expect(try await world.batch(narrow).status == .completed)
            #expect(try await world.batch(wide).status == .completed)
            #expect(world.provider.peak == 7)
            #expect(world.provider.peak(of: "narrow") == 2)
            #expect(world.provider.submissions.count == 60)
        }
    }

    @Test("two Dispatchers at once never claim a task twice", .timeLimit(.minutes(1)))
    func twoDispatchers() async throws {
        try await EngineWorld.with(.file, fanOutWidth: 8) { world in
            try await world.topUp(1_000_000_000)
            try await world.create(300)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<4 { _ = try await Dispatcher(world.engine, claimsMax: 20).step() }
                    }
                }
                try await group.waitForAll()
            }
            let submissions = world.provider.submissions
            #expect(Set(submissions.map(\.task)).count == submissions.count)
            // The lane has a hundred slots.
            #expect(submissions.count == 100 && world.provider.peak == 100)
            #expect(try await world.lane().inFlight == 100)
        }
    }

    @Test("nothing new is dispatched while finished videos wait to be stored; what runs against its deadline is")
    func backPressure() async throws {
        try await EngineWorld.with(catalogue: .sample(Catalogue.sora(maxInFlight: 10))) { world in
            try await world.topUp(100_000_000)
            world.provider.script { script in
                script.poll = { submission in
                    submission.prompt == "prompt 3" && submission.attempt == 1 ? .gaveUp(.transient) : .completed
                }
            }
            try await world.create(30)
            let (dispatcher, poller) = (Dispatcher(world.engine), Poller(world.engine))
            #expect(try await dispatcher.step() == 10)
            world.clock.advance(seconds: 2)
            #expect(try await poller.step() == 10)
            // Nine videos wait, and no Archiver comes.
            world.clock.advance(seconds: 5)
            #expect(try await dispatcher.step() == 1)
            #expect(world.provider.submissions.last?.prompt == "prompt 3")
            #expect(try await dispatcher.step() == 0)
            #expect(try await Archiver(world.engine).step() == 9)
            #expect(try await dispatcher.step() == 9)
        }
    }

    @Test("a lane's rate fills its bucket for ten seconds at most")
    func rate() async throws {
        let slow = VideoModel(
            id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 10, maxBatch: 100,
            seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120,
            route: ProviderRoute(provider: "test", model: "sora-2", maxInFlight: 100, createsPerMinute: 30),
            unknownCreatePolicy: .fail)
        try await EngineWorld.with(catalogue: .sample(slow)) { world in
            try await world.topUp(100_000_000)
            try await world.create(50)
            let dispatcher = Dispatcher(world.engine)
            #expect(try await dispatcher.step() == 5)
            #expect(try await dispatcher.step() == 0)
            world.clock.advance(seconds: 2)
            #expect(try await dispatcher.step() == 1)
            world.clock.advance(seconds: 3_600)
            #expect(try await dispatcher.step() == 5)
        }
    }
}
