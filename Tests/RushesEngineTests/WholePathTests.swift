import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesTesting
import Testing

@Suite("A batch from freeze to finalize", .onEachDatabase)
struct WholePathTests {
    @Test("successes are charged in full", arguments: TestDatabase.allCases)
    func successes(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(100_000_000)
            let id = try await world.create(12).id
            try await world.run(seconds: 10)
            let batch = try await world.batch(id)
            #expect(batch.status == .completed && batch.held == .zero)
            #expect(batch.charged == Credits(micros: 12 * 490_000))
            #expect(try await world.wallet() == [100_000_000 - 12 * 490_000, 0])
            #expect(world.blobs.keys.count == 12)
            #expect(
                try await world.events() == [
                    "invoice.issued", "wallet.topped_up", "batch.queued", "batch.processing", "tasks.settled",
                    "batch.completed",
                ])
        }
    }

    @Test("failures come back, within three seconds and while others run")
    func failures() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            world.provider.script { script in
                script.poll = { $0.prompt.hasPrefix("bad") ? .gaveUp(.moderated) : .working }
            }
            let id = try await world.create(10) { $0 < 3 ? "bad \($0)" : "good \($0)" }.id
            // The jobs are first polled after one second.
            try await world.run(seconds: 4)
            let running = try await world.batch(id)
            #expect(running.status == .processing && running.counts.failed == 3)
            #expect(running.refunded == Credits(micros: 3 * 490_000))
            #expect(try await world.wallet() == [100_000_000 - 7 * 490_000, 7 * 490_000])
            world.provider.script { $0.poll = { _ in .completed } }
            try await world.run(seconds: 10)
            let batch = try await world.batch(id)
            #expect(batch.status == .partial && batch.charged == Credits(micros: 7 * 490_000))
            let failures = try await world.tasks(of: id).compactMap(\.failure?.type)
            #expect(failures == [.moderated, .moderated, .moderated])
        }
    }

    @Test("no statement of the whole path grows with history")
    func plans() async throws {
        let recorder = Holder<RecordingDatabase>()
        try await EngineWorld.with(.memory, recorded: { recorder.keep(RecordingDatabase($0)) }) { world in
            let recording = try #require(recorder.value)
            try await world.topUp(1_000_000_000)
            recording.forget()
            world.provider.script { script in
                script.submit = { submission, number in
                    if submission.prompt.hasPrefix("lost") { return .drop(makesJob: number > 1) }
                    return submission.prompt.hasPrefix("busy") && number == 1
                        ? .refuse(ProviderFault(.rateLimited, message: "later")) : .accept
                }
                script.poll = { $0.prompt.hasPrefix("never") ? .working : .completed }
            }
            let words = ["lost", "busy", "never", "good"]
            let id = try await world.create(20) { "\(words[$0 % 4]) \($0)" }.id
            try await world.run(seconds: 400, stepSeconds: 2)
            _ = try await world.batches.cancel(world.create(10, requestID: "r-2").id, of: world.organization)
            try await world.run(seconds: 10)
            _ = try await world.batches.quote(
                BatchDraft(requestID: "q", model: "sora-2", tasks: [TaskDraft(prompt: "x")]), for: world.organization)
            _ = try await world.batches.results(of: id, organization: world.organization, after: -1, limit: 100)
            _ = try await world.credits.ledger(
                of: world.organization, batch: id, after: 0, line: 0, limit: 100)
            #expect(try await world.batch(id).counts.succeeded == 15)
            for (sql, values) in recording.statements where !sql.hasPrefix("EXPLAIN") {
                let plan = try await QueryPlan(of: sql, values, on: world.database)
                #expect(plan.growth.isEmpty, "\(plan.lines)\n\(sql)")
            }
        }
    }
}
