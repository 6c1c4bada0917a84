import RushesCore
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
}
