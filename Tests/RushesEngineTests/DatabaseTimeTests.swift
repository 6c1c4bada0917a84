import RushesCore
import RushesDatabase
import RushesEngine
import RushesTesting
import Testing

@Suite("The time of the database")
struct DatabaseTimeTests {
    /// Everything that a batch with every kind of trouble leaves behind.
    private func history(localClockAheadSeconds: Int) async throws -> [[SQLRow]] {
        try await EngineWorld.with(localClockAheadSeconds: localClockAheadSeconds) { world in
            try await world.topUp(100_000_000)
            world.provider.script { script in
                script.submit = { submission, number in
                    switch submission.prompt.split(separator: " ").first {
                    case "busy" where number == 1: .refuse(ProviderFault(.rateLimited, message: "later"))
                    case "lost" where number == 1: .drop(makesJob: true)
                    default: .accept
                    }
                }
                script.poll = { $0.prompt.hasPrefix("late") ? .working : .completed }
                script.video = { submission, number in
                    submission.prompt.hasPrefix("torn") && number < 3 ? [1, 2, 3] : FakeProvider.video
                }
            }
            let words = ["busy", "lost", "late", "torn", "good"]
            let id = try await world.create(15) { "\(words[$0 % 5]) \($0)" }.id
            try await world.run(seconds: 150)
            #expect(try await world.batch(id).status == .partial)
            var rows: [[SQLRow]] = []
            for (table, order) in [
                ("task", "place"), ("attempt", "task_id, number"), ("batch", "id"), ("asset", "task_id"),
                ("lane", "id"), ("event", "seq"), ("api_key", "created_at"), ("ledger_transaction", "seq"),
            ] {
                rows.append(try await world.rows("SELECT * FROM \(table) ORDER BY \(order)"))
            }
            // Nothing in it is random but the secret of the key.
            return rows.map { rows in
                rows.map {
                    SQLRow($0.values.filter { if case .text(let text) = $0 { text.count != 64 } else { true } })
                }
            }
        }
    }

    @Test("a node whose clock is an hour off writes what any other would write", arguments: [3_600, -3_600])
    func skewedNode(aheadSeconds: Int) async throws {
        #expect(try await history(localClockAheadSeconds: aheadSeconds) == history(localClockAheadSeconds: 0))
    }

    @Test("a download is not begun when it could outlive the lease, and that is no try")
    func noDownloadWithoutALease() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let clock = world.clock
            world.provider.script { script in
                script.video = { submission, _ in
                    if submission.prompt == "prompt 0" { clock.advance(seconds: 31) }
                    return FakeProvider.video
                }
            }
            let id = try await world.create(10).id
            _ = try await Dispatcher(world.engine).step()
            clock.advance(seconds: 2)
            _ = try await Poller(world.engine).step()
            #expect(try await Archiver(world.engine).step() == 10)
            let tasks = try await world.tasks(of: id)
            #expect(tasks.count { $0.state == .succeeded } == 1)
            let waiting = tasks.filter { $0.state == .storing }
            #expect(waiting.allSatisfy { $0.tries == 0 && $0.dueAt == clock.now } && waiting.count == 9)
            #expect(try await Archiver(world.engine).step() == 9)
            #expect(try await world.batch(id).counts.succeeded == 10)
        }
    }

    @Test("a create is not sent when it could outlive the lease")
    func noCreateWithoutALease() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let clock = world.clock
            world.provider.script { script in
                script.submit = { submission, _ in
                    if submission.prompt == "prompt 0" { clock.advance(seconds: 14) }
                    return .accept
                }
            }
            try await world.create(10)
            let dispatcher = Dispatcher(world.engine)
            #expect(try await dispatcher.step() == 10)
            #expect(world.provider.submissions.count == 1)
            #expect(try await dispatcher.step() == 9)
            #expect(world.provider.submissions.count == 10)
        }
    }
}
