import RushesCore
import RushesDatabase
import RushesEngine
import RushesTesting
import Testing

@Suite("What ends tasks that were never dispatched", .onEachDatabase)
struct EndingTests {
    @Test("a cancel stops what waits, what runs may succeed", arguments: TestDatabase.allCases)
    func cancel(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { _ in .working } }
            let id = try await world.create(10, maxConcurrency: 3).id
            try await world.run(seconds: 2)
            let cancelled = try await world.batches.cancel(id, of: world.organization)
            #expect(cancelled.cancelRequestedAt == world.clock.now && cancelled.status == .processing)
            try await world.run(seconds: 3)
            let running = try await world.batch(id)
            #expect(running.counts.failed == 7 && running.counts.running == 3)
            #expect(running.refunded == Credits(micros: 7 * 490_000))
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 5)
            let ended = try await world.batch(id)
            #expect(ended.status == .partial && ended.counts.succeeded == 3)
            #expect(try await world.wallet() == [10_000_000 - 3 * 490_000, 0])
            #expect(Set(try await world.tasks(of: id).compactMap(\.failure?.type)) == [.cancelled])
            #expect(world.provider.submissions.count == 3)
            // A repeat, also after the end, changes nothing.
            let written = try await world.written()
            let again = try await world.batches.cancel(id, of: world.organization)
            #expect(again == ended)
            #expect(try await world.written() == written)
            await #expect(throws: Refusal.notFound) {
                try await world.batches.cancel(BatchID(trusted: "bat_x"), of: world.organization)
            }
        }
    }

    @Test("a batch cancelled before its first dispatch fails as a whole and costs nothing")
    func cancelledAtOnce() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            _ = try await world.batches.cancel(id, of: world.organization)
            try await world.run(seconds: 1)
            let batch = try await world.batch(id)
            #expect(batch.status == .failed && batch.startedAt == nil)
            #expect(try await world.wallet() == [10_000_000, 0])
            #expect(world.provider.submissions.isEmpty)
        }
    }

    @Test("tasks that are not dispatched within the window expire")
    func window() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let fault = ProviderFault(.quotaExhausted, message: "spent", retryAfterMilliseconds: nil)
            world.provider.script { $0.submit = { _, _ in .refuse(fault) } }
            let id = try await world.create(10, windowHours: 1).id
            try await world.run(seconds: 3_540, stepSeconds: 60)
            let waiting = try await world.batch(id)
            #expect(waiting.counts.queued == 10)
            try await world.run(seconds: 61)
            let batch = try await world.batch(id)
            #expect(batch.status == .failed)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.expired])
            #expect(try await world.wallet() == [10_000_000, 0])
        }
    }

    @Test("a retired lane fails what waits as provider_unavailable, until a catalogue opens it again")
    func retired() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(20_000_000)
            let gone = ProviderFault(.retired, message: "no such model")
            world.provider.script { $0.submit = { _, _ in .refuse(gone) } }
            let id = try await world.create(20, maxConcurrency: 2).id
            try await world.run(seconds: 1)
            let batch = try await world.batch(id)
            #expect(batch.status == .failed)
            #expect(Set(try await world.tasks(of: id).map(\.failure?.type)) == [.providerUnavailable])
            #expect(world.provider.submissions.count == 2)
            #expect(try await world.wallet() == [20_000_000, 0])
            #expect(try await world.lane().state == .retired)
            #expect(try await world.lane().inFlight == 0)
            _ = try await world.operators.apply(.sample())
            world.provider.script { $0.submit = { _, _ in .accept } }
            let next = try await world.create(10, requestID: "r-2").id
            try await world.run(seconds: 5)
            #expect(try await world.batch(next).status == .completed)
        }
    }
}
