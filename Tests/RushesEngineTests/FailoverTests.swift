import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Batches go another way when a model's first route stands still", .onEachDatabase)
struct FailoverTests {
    /// `sora-2` with a spare route; the fake provider has the accounts `test` and `other`.
    private static func catalogue(spare: String = "other") -> Catalogue {
        let sora = Catalogue.sora()
        return .sample(
            VideoModel(
                id: sora.id, displayName: sora.displayName, unitPrice: sora.unitPrice, minBatch: 10, maxBatch: 10_000,
                seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120, route: sora.route,
                unknownCreatePolicy: .resubmitOnce,
                fallbackRoutes: [
                    ProviderRoute(provider: spare, model: "spare", maxInFlight: 100, createsPerMinute: 60_000)
                ]))
    }

    private static func refuse(_ fault: ProviderFault.Class, _ models: Set<String>, at world: EngineWorld) {
        world.provider.script { script in
            script.submit = { submission, _ in
                models.contains(submission.model) ? .refuse(ProviderFault(fault, message: "scripted")) : .accept
            }
        }
    }

    @Test(
        "a model that is gone, refused credentials and a used-up quota send what waits to the next route",
        arguments: [ProviderFault.Class.retired, .auth, .quotaExhausted])
    func another(_ fault: ProviderFault.Class) async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            Self.refuse(fault, ["sora-2"], at: world)
            let id = try await world.create(20, maxConcurrency: 2).id
            try await world.run(seconds: 40)
            #expect(try await world.batch(id).status == .completed)
            let tasks = try await world.tasks(of: id)
            #expect(Set(tasks.map(\.lane.model)) == ["spare"])
            #expect(world.provider.submissions.count { $0.model == "sora-2" } == 2)
            #expect(world.provider.submissions.count { $0.model == "spare" } == 20)
            #expect(try await world.lane().inFlight == 0)
            #expect(try await world.wallet() == [20_000_000 - 20 * 490_000, 0])
        }
    }

    @Test("an address where nobody takes creates is left after a minute")
    func noEndpoint() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            Self.refuse(.noEndpoint, ["sora-2"], at: world)
            let id = try await world.create(10).id
            try await world.run(seconds: 120, stepSeconds: 2)
            #expect(try await world.batch(id).status == .completed)
            #expect(Set(try await world.tasks(of: id).map(\.lane.model)) == ["spare"])
            #expect(try await !world.lane().isGone)
        }
    }

    @Test(
        "an address where nobody has taken creates for ten minutes is given up: what waits is refunded",
        arguments: TestDatabase.allCases)
    func givenUp(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(20_000_000)
            Self.refuse(.noEndpoint, ["sora-2"], at: world)
            let id = try await world.create(10).id
            try await world.run(seconds: 580, stepSeconds: 5)
            #expect(try await world.batch(id).counts.queued == 10)
            #expect(try await world.wallet() == [15_100_000, 4_900_000])
            try await world.run(seconds: 80, stepSeconds: 5)
            #expect(try await world.batch(id).status == .failed)
            #expect(try await world.lane().isGone)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.providerUnavailable])
            #expect(try await world.wallet() == [20_000_000, 0])
            // Ten at once, then one every half minute.
            #expect((20...40).contains(world.provider.submissions.count))
            await #expect(throws: Refusal.modelUnavailable("sora-2")) {
                try await world.create(10, requestID: "later")
            }
            // Somebody has mended the address.
            Self.refuse(.noEndpoint, [], at: world)
            _ = try await world.operators.control(Catalogue.sora().route.lane, .running, reason: "mended")
            let later = try await world.create(10, requestID: "later").id
            try await world.run(seconds: 120, stepSeconds: 2)
            #expect(try await world.batch(later).status == .completed)
            try await world.expectIntact()
        }
    }

    @Test("a short pause is waited for")
    func patience() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            world.provider.script { script in
                script.submit = { _, number in
                    number == 1
                        ? .refuse(ProviderFault(.rateLimited, message: "m", retryAfterMilliseconds: 5_000)) : .accept
                }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 30)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.allSatisfy { $0.model == "sora-2" })
        }
    }

    @Test("what runs stays where it is, and is polled there")
    func running() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            world.provider.script { script in
                script.submit = { submission, _ in
                    submission.model == "sora-2" && submission.prompt != "first"
                        ? .refuse(ProviderFault(.retired, message: "gone")) : .accept
                }
                script.poll = { _ in .running(pollAfterMilliseconds: 1_000, unfamiliarStatus: nil) }
            }
            let id = try await world.create(10) { $0 == 0 ? "first" : "later \($0)" }.id
            try await world.run(seconds: 5)
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 30)
            #expect(try await world.batch(id).status == .completed)
            #expect(try await world.tasks(of: id).map(\.lane.model) == ["sora-2"] + Array(repeating: "spare", count: 9))
        }
    }

    @Test("a new batch begins on the route to which what waits on the first is sent")
    func beginning() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            let first = Catalogue.sora().route.lane
            _ = try await world.operators.control(first, .killed, reason: nil)
            let id = try await world.create(10).id
            #expect(Set(try await world.tasks(of: id).map(\.lane.model)) == ["spare"])
            try await world.run(seconds: 10)
            #expect(try await world.batch(id).status == .completed)
            _ = try await world.operators.control(first, .paused, reason: nil)
            let later = try await world.create(10, requestID: "later").id
            #expect(Set(try await world.tasks(of: later).map(\.lane)) == [first])
        }
    }

    @Test(
        "when all routes are gone, or the next one has no account, what waits fails",
        arguments: ["test", "other", "elsewhere"])
    func nowhere(spare: String) async throws {
        try await EngineWorld.with(catalogue: Self.catalogue(spare: spare)) { world in
            try await world.topUp(20_000_000)
            Self.refuse(.retired, ["sora-2", "spare"], at: world)
            let id = try await world.create(10).id
            try await world.run(seconds: 10)
            #expect(try await world.batch(id).status == .failed)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.providerUnavailable])
            #expect(try await world.wallet() == [20_000_000, 0])
        }
    }

    @Test(
        "a job that failed in passing is made by the next route, within the same deadline",
        arguments: TestDatabase.allCases)
    func failedGeneration(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            let fault = ProviderFault(.rateLimited, message: "later", retryAfterMilliseconds: 50_000)
            world.provider.script { script in
                script.poll = { $0.model == "sora-2" && $0.prompt == "prompt 0" ? .failed(fault) : .completed }
            }
            let id = try await world.create(10).id
            let began = world.clock.now
            try await world.run(seconds: 1)
            let waiting = try await world.tasks(of: id)[0]
            #expect(waiting.state == .queued && waiting.waitingLane == LaneID("other:spare"))
            #expect(waiting.deadlineAt == began.adding(seconds: 120))
            try await world.expectIntact()
            try await world.run(seconds: 10)
            let task = try await world.tasks(of: id)[0]
            #expect(task.state == .succeeded && task.generations == 2 && task.attempt == 2)
            #expect(task.dispatchedAt == began && task.deadlineAt == began.adding(seconds: 120))
            let attempts = try await world.attempts(of: task.id)
            #expect(attempts.map(\.outcome) == [.failed, .completed])
            #expect(attempts.map(\.lane.rawValue) == ["test:sora-2", "other:spare"])
            #expect(try await world.batch(id).status == .completed)
            // Its neighbours and its batch stay.
            #expect(world.provider.submissions.count { $0.model == "spare" } == 1)
            #expect(try await world.rows("SELECT lane_id FROM batch") == [SQLRow(["test:sora-2"])])
            #expect(try await world.rows("SELECT 1 FROM lane WHERE in_flight > 0") == [])
            #expect(try await world.rows("SELECT 1 FROM lane_share WHERE in_flight > 0") == [])
            #expect(try await world.wallet() == [20_000_000 - 10 * 490_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("three generations are the most over all routes, and none is charged", arguments: TestDatabase.allCases)
    func allFail(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            world.provider.script { $0.poll = { _ in .gaveUp(.transient) } }
            let id = try await world.create(10).id
            try await world.run(seconds: 60)
            #expect(try await world.batch(id).status == .failed)
            for task in try await world.tasks(of: id) {
                let attempts = try await world.attempts(of: task.id)
                #expect(attempts.map(\.lane.model) == ["sora-2", "spare", "sora-2"])
            }
            #expect(try await world.wallet() == [20_000_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("what failed stays when the next route is closed, and goes back when the next one stands still")
    func nextIsClosed() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            let (first, spare) = (Catalogue.sora().route.lane, LaneID("other:spare"))
            _ = try await world.operators.control(spare, .paused, reason: nil)
            world.provider.script { $0.poll = { $0.attempt == 1 ? .gaveUp(.transient) : .working } }
            let id = try await world.create(10).id
            try await world.run(seconds: 5)
            let stayed = try await world.tasks(of: id)[0]
            #expect(stayed.attempt == 2 && stayed.lane == first && stayed.waitingLane == nil)
            // Now it fails again, goes over, and finds the next route killed before it is sent.
            _ = try await world.operators.control(spare, .running, reason: nil)
            world.provider.script { script in
                script.poll = { $0.attempt <= 2 ? .gaveUp(.transient) : .completed }
            }
            for _ in 0..<20 {
                _ = try await Poller(world.engine).step()
                if try await world.tasks(of: id)[0].waitingLane == spare { break }
                world.clock.advance(seconds: 1)
            }
            #expect(try await world.tasks(of: id)[0].waitingLane == spare)
            _ = try await world.operators.control(spare, .killed, reason: nil)
            _ = try await Sweeper(world.engine).step()
            #expect(try await world.tasks(of: id)[0].waitingLane == first)
            try await world.run(seconds: 60)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.allSatisfy { $0.model == "sora-2" })
            try await world.expectIntact()
        }
    }

    @Test(
        "a task whose create had an unknown outcome never leaves its route, whatever becomes of its batch",
        arguments: TestDatabase.allCases)
    func unknownStays(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            world.provider.script { script in
                script.submit = { submission, number in
                    submission.prompt == "prompt 0" && number == 1 ? .drop(makesJob: false) : .accept
                }
                script.poll = { $0.prompt == "prompt 0" ? .gaveUp(.transient) : .working }
            }
            let id = try await world.create(20, maxConcurrency: 2).id
            let first = Catalogue.sora().route.lane
            try await world.run(seconds: 14)
            _ = try await world.operators.control(first, .killed, reason: nil)
            while try await world.tasks(of: id)[0].state == .submitting {
                world.clock.advance(seconds: 1)
                _ = try await Reconciler(world.engine).step()
            }
            // Its batch goes another way; it is refunded at once, since its own route is gone.
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 60)
            let tasks = try await world.tasks(of: id)
            #expect(tasks[0].failure?.type == .providerUnavailable && tasks[0].lane == first)
            #expect(tasks.dropFirst(2).allSatisfy { $0.state == .succeeded && $0.lane.model == "spare" })
            #expect(world.provider.submissions.count { $0.prompt == "prompt 0" } == 1)
            #expect(try await world.wallet() == [20_000_000 - 19 * 490_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("after an unknown create further generations are made on the same route")
    func unknownThenFailed() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            world.provider.script { script in
                script.submit = { _, number in number == 1 ? .drop(makesJob: false) : .accept }
                script.poll = { $0.attempt == 2 ? .gaveUp(.transient) : .completed }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 60)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 30)
            #expect(world.provider.submissions.allSatisfy { $0.model == "sora-2" })
            try await world.expectIntact()
        }
    }

    @Test("what goes over keeps to the limits of the lane, of the batch and of the organization")
    func limits() async throws {
        try await EngineWorld.with(catalogue: Self.catalogue()) { world in
            try await world.topUp(20_000_000)
            _ = try await world.operators.limitLane(
                LaneID("other:spare"), LaneLimits(maxInFlight: 3, createsPerMinute: nil), pollsPerMinute: nil)
            world.provider.script { script in
                script.poll = { $0.model == "sora-2" ? .gaveUp(.transient) : .working }
            }
            let id = try await world.create(10).id
            for _ in 0..<10 {
                try await world.run(seconds: 1)
                #expect(try await world.rows("SELECT in_flight FROM lane WHERE id = 'other:spare'")[0].integer(0) <= 3)
                try await world.expectIntact()
            }
            #expect(try await world.batch(id).counts.running == 3)
            #expect(try await world.batch(id).counts.queued == 7)
            _ = try await world.batches.cancel(id, of: world.organization)
            try await world.run(seconds: 2)
            #expect(try await world.batch(id).counts.failed == 7, "what waits apart is cancelled with its batch")
            try await world.expectIntact()
        }
    }
}
