import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("What providers refuse and what fails in passing", .onEachDatabase)
struct ProviderFaultTests {
    @Test("a 429 closes the lane for its Retry-After, costs no generation and clears the deadline")
    func rateLimited() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let fault = ProviderFault(.rateLimited, message: "later", retryAfterMilliseconds: 20_000)
            world.provider.script { $0.submit = { _, number in number == 1 ? .refuse(fault) : .accept } }
            let id = try await world.create(10, maxConcurrency: 1).id
            let closesAt = world.clock.now.adding(seconds: 20)
            #expect(try await Dispatcher(world.engine).step() == 1)
            let refused = try await world.tasks(of: id)[0]
            #expect(refused.state == .queued && refused.attempt == 1 && refused.generations == 0)
            #expect(refused.dispatchedAt == nil && refused.deadlineAt == nil)
            let lane = try await world.lane()
            #expect(lane.closedUntil == closesAt && lane.inFlight == 0)
            #expect(try await world.attempts(of: refused.id).map(\.outcome) == [.notAccepted])
            world.clock.advance(seconds: 19)
            #expect(try await Dispatcher(world.engine).step() == 0)
            world.clock.advance(seconds: 1)
            #expect(try await Dispatcher(world.engine).step() == 1)
            let open = try await world.tasks(of: id).filter { $0.state != .queued }
            #expect(open.count == 1 && open[0].generations == 1)
            #expect(open[0].dispatchedAt == closesAt)
        }
    }

    @Test("a job that fails in passing is generated three times, then provider_error")
    func transientFailures() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.poll = { $0.prompt == "prompt 0" ? .gaveUp(.transient) : .completed }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 40)
            let task = try await world.tasks(of: id)[0]
            #expect(task.failure?.type == .providerError && task.generations == 3)
            #expect(try await world.attempts(of: task.id).map(\.outcome) == [.failed, .failed, .failed])
            #expect(world.provider.submissions.count == 12)
            #expect(try await world.lane().inFlight == 0)
            #expect(try await world.batch(id).counts.succeeded == 9)
        }
    }

    @Test(
        "a job that failed because too many run pauses its lane as long as the provider wants",
        arguments: TestDatabase.allCases)
    func throttledJob(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            let fault = ProviderFault(.rateLimited, message: "later", retryAfterMilliseconds: 20_000)
            world.provider.script { script in
                script.poll = { $0.prompt == "prompt 0" && $0.attempt == 1 ? .failed(fault) : .completed }
            }
            let id = try await world.create(10, maxConcurrency: 1).id
            let account = try await world.database.read { try $0.providerAccount("test") }
            try await world.run(seconds: 3)
            let waiting = try await world.tasks(of: id)[0]
            let closesAt = try #require(try await world.lane().closedUntil)
            #expect(waiting.state == .queued && waiting.dueAt == closesAt && waiting.generations == 1)
            #expect(waiting.deadlineAt != nil, "the job was accepted, so the deadline runs on")
            #expect(try await world.database.read { try $0.providerAccount("test") } == account)
            #expect(world.provider.submissions.count == 1)
            try await world.run(seconds: 16)
            #expect(world.provider.submissions.count == 1, "nothing of the lane is sent meanwhile")
            try await world.run(seconds: 60)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 11)
            #expect(try await world.wallet() == [10_000_000 - 4_900_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("a second generation that succeeds is charged once")
    func secondGeneration() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { script in
                script.poll = { $0.attempt == 1 ? .gaveUp(.transient) : .completed }
            }
            let id = try await world.create(10).id
            try await world.run(seconds: 40)
            #expect(try await world.batch(id).status == .completed)
            #expect(world.provider.submissions.count == 20)
            #expect(try await world.wallet() == [10_000_000 - 4_900_000, 0])
        }
    }

    /// A provider's last word with the type that the task fails with.
    private static let lastWords: [(ProviderFault.Class, FailureType)] = [
        (.moderated, .moderated), (.permanentGeneration, .providerError), (.permanentRequest, .invalidRequest),
        (.retired, .providerUnavailable), (.lost, .providerError),
    ]

    @Test("a provider's last word fails the task at once", arguments: lastWords)
    func lastWord(_ fault: ProviderFault.Class, _ type: FailureType) async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { _ in .gaveUp(fault) } }
            let id = try await world.create(10).id
            try await world.run(seconds: 5)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [type])
            #expect(world.provider.submissions.count == 10)
            #expect(try await world.wallet() == [10_000_000, 0])
        }
    }

    @Test("a provider without an account leaves its tasks waiting")
    func noAccount() async throws {
        let elsewhere = VideoModel(
            id: "sora-2", displayName: "Sora 2", unitPrice: Credits(micros: 490_000), minBatch: 1, maxBatch: 10,
            seconds: [4], sizes: ["1280x720"], slaSeconds: 120, deadlineSeconds: 120,
            route: ProviderRoute(provider: "elsewhere", model: "sora-2", maxInFlight: 5, createsPerMinute: 60),
            unknownCreatePolicy: .fail)
        try await EngineWorld.with(catalogue: .sample(elsewhere)) { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            try await world.run(seconds: 5)
            #expect(try await world.batch(id).counts.queued == 10)
            #expect(world.provider.submissions.isEmpty)
        }
    }
}
