import RushesCore
import RushesDatabase
import RushesEngine
import RushesTesting
import Testing

@Suite("The deadline, and what the provider does after it", .onEachDatabase)
struct DeadlineTests {
    @Test("a job that never ends is timed out and refunded; its slot is kept until twice the deadline")
    func never() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { _ in .working } }
            let id = try await world.create(10).id
            try await world.run(seconds: 119)
            #expect(try await world.batch(id).counts.running == 10)
            try await world.run(seconds: 5)
            #expect(try await world.batch(id).status == .failed)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.timedOut])
            #expect(try await world.wallet() == [10_000_000, 0])
            try await world.run(seconds: 110)
            #expect(try await world.lane().inFlight == 10)
            try await world.run(seconds: 30)
            #expect(try await world.lane().inFlight == 0)
        }
    }

    @Test("a job that is found ended frees its slot at once")
    func failsLate() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { _ in .working } }
            let id = try await world.create(10).id
            try await world.run(seconds: 125)
            world.provider.script { $0.poll = { _ in .gaveUp(.permanentGeneration) } }
            try await world.run(seconds: 16)
            #expect(try await world.lane().inFlight == 0)
            let task = try await world.tasks(of: id)[0]
            #expect(try await world.attempts(of: task.id).map(\.outcome) == [.failed])
            #expect(try await world.events().contains("task.leaked") == false)
        }
    }

    @Test(
        "a late success is recorded as leaked and never taken back from the customer", arguments: TestDatabase.allCases)
    func leaked(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { $0.prompt == "prompt 0" ? .working : .completed } }
            let id = try await world.create(10).id
            try await world.run(seconds: 130, stepSeconds: 2)
            let refunded = try await world.wallet()
            #expect(refunded == [10_000_000 - 9 * 490_000, 0])
            let ended = try await world.batch(id)
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 60, stepSeconds: 2)
            let task = try await world.tasks(of: id)[0]
            #expect(task.state == .failed && task.failure?.type == .timedOut && task.asset == nil)
            let attempt = try await world.attempts(of: task.id)[0]
            #expect(attempt.outcome == .leaked && attempt.endedAt != nil && !attempt.holdsSlot)
            #expect(try await world.events().filter { $0 == "task.leaked" }.count == 1)
            #expect(try await world.wallet() == refunded)
            #expect(try await world.batch(id) == ended)
            #expect(try await world.lane().inFlight == 0)
        }
    }

    @Test("the last look at the deadline may still find the video, which then has a minute more")
    func lastLook() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { _ in .working } }
            let id = try await world.create(10).id
            try await world.run(seconds: 118)
            world.provider.script { $0.poll = { _ in .completed } }
            // Nobody has looked when the deadline passes.
            world.clock.advance(seconds: 5)
            try await world.run(seconds: 2)
            #expect(try await world.batch(id).status == .completed)
        }
    }
}
