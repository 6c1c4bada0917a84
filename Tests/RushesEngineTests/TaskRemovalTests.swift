import RushesCore
import RushesDatabase
import RushesEngine
import RushesSimulation
import RushesStore
import RushesTesting
import Testing

@Suite("Tasks of ended batches go after their time", .onEachDatabase)
struct TaskRemovalTests {
    private static let retention = TaskRetention(days: 30)

    @Test("everything of a batch goes but its money, its counts and what reports say")
    func goes() async throws {
        try await EngineWorld.with { world in
            let batch = try await world.mixedBatch()
            let (before, wallet) = (try await world.reports(), try await world.wallet())
            let jobs = world.provider.jobs.map(\.id)
            let charges = jobs.prefix(3).map { ProviderCharge(job: $0, amount: Dollars(micros: 7)) }
            _ = try await world.operators.importCosts(charges, of: "test", bill: "b", by: "ada")
            let billed = try await world.reports()
            #expect(billed != before && !world.blobs.keys.isEmpty)
            world.clock.advance(seconds: 30 * 86_400 - 60)
            #expect(try await world.removeTasks() == 0)
            world.clock.advance(seconds: 60)
            #expect(try await world.removeTasks() > 0)
            #expect(try await world.removeTasks() == 0)
            for table in ["task", "attempt", "asset", "illustration", "task_end"] {
                #expect(try await world.rows("SELECT COUNT(*) FROM \(table)") == [SQLRow([0])], "\(table)")
            }
            #expect(world.blobs.keys == [])
            #expect(try await world.reports() == billed)
            #expect(try await world.wallet() == wallet)
            let kept = try await world.batch(batch.id)
            #expect(kept.tasksRemovedAt == world.clock.now)
            #expect(kept.counts.succeeded == 7 && kept.counts.failed == 3 && kept.charged.micros == 7 * 490_000)
            try await world.expectIntact()
            // A bill that comes later finds no attempt, and says so.
            let late = try await world.operators.importCosts(
                [ProviderCharge(job: jobs[5], amount: Dollars(micros: 9))], of: "test", bill: "c", by: "ada")
            #expect(late.unmatched.count == 1)
            let again = try await world.operators.importCosts(charges, of: "test", bill: "b", by: "ada")
            #expect(again.replayed == 3)
            try await world.expectIntact()
        }
    }

    @Test("its tasks answer that they are gone, its request is known for ever")
    func answers() async throws {
        try await EngineWorld.with { world in
            let batch = try await world.mixedBatch()
            let task = try #require(try await world.tasks(of: batch.id).first)
            let asset = try #require(try await world.tasks(of: batch.id).compactMap(\.asset).first)
            world.clock.advance(seconds: 31 * 86_400)
            let organization = world.organization
            // From the first step on, while rows and videos are still there.
            let remover = TaskRemover(world.engine, keeping: Self.retention)
            #expect(try await remover.step() == 1)
            for _ in 0..<2 {
                await #expect(throws: Refusal.tasksExpunged) { try await world.tasks(of: batch.id) }
                await #expect(throws: Refusal.tasksExpunged) {
                    try await world.batches.results(of: batch.id, organization: organization, after: -1, limit: 5)
                }
                await #expect(throws: Refusal.notFound) { try await world.attempts(of: task.id) }
                await #expect(throws: Refusal.notFound) {
                    try await AccessService(world.engine).asset(asset, of: organization)
                }
                let feed = try await world.credits.events(of: organization, after: 0, limit: 100).items
                #expect(feed.filter { $0.type == "tasks.settled" }.allSatisfy { $0.results.isEmpty })
                let receipt = try await world.batches.create(
                    BatchDraft(requestID: "r-1", model: "sora-2", tasks: world.prompts), for: organization)
                #expect(receipt.isReplay && receipt.batch.id == batch.id && receipt.batch.tasksRemovedAt == nil)
                await #expect(throws: Refusal.idempotencyMismatch(pointer: "")) {
                    try await world.create(11, requestID: "r-1")
                }
                _ = try await world.removeTasks()
            }
            try await world.expectIntact()
        }
    }

    @Test("a step is bounded, and events of single tasks go too")
    func bounded() async throws {
        try await EngineWorld.with(fanOutWidth: 64) { world in
            try await world.database.write { transaction in
                _ = try transaction.makeWebhookCursor(world.organization)
                try transaction.execute("UPDATE webhook_cursor SET wants_tasks = 1", [])
            }
            try await world.topUp(500_000_000)
            _ = try await world.create(600)
            try await world.run(seconds: 30)
            world.clock.advance(seconds: 31 * 86_400)
            // Endpoints have not been told of anything yet.
            #expect(try await world.removeTasks() == 0)
            try await world.database.write { transaction in
                try transaction.execute("UPDATE webhook_cursor SET fanned_seq = 1000000", [])
            }
            let remover = TaskRemover(world.engine, keeping: Self.retention)
            var most = 0
            while case let moved = try await remover.step(), moved > 0 {
                most = max(most, moved)
                // The cursor stands beyond the feed on purpose.
                let found = try await InvariantSweep(world.database).run().violations
                #expect(found.allSatisfy { $0.invariant == .fanOutIsBehindTheFeed }, "\(found)")
            }
            #expect(most == 600)
            #expect(try await world.rows("SELECT COUNT(*) FROM event WHERE task_id IS NOT NULL") == [SQLRow([0])])
            let removal = try await world.rows("SELECT events, attempts, due_at FROM task_removal")
            #expect(removal == [SQLRow([600, 600, .null])])
        }
    }

    @Test("what is stopped between videos and rows is done again, and two workers do not count twice")
    func again() async throws {
        try await EngineWorld.with { world in
            _ = try await world.mixedBatch()
            let before = try await world.reports()
            world.clock.advance(seconds: 31 * 86_400)
            let remover = TaskRemover(world.engine, keeping: Self.retention)
            #expect(try await remover.step() == 1)
            // One has taken the page and stands still; the next one does it, and then the first goes on.
            let page = try #require(try await world.database.write { try $0.claimTaskRemoval() })
            #expect(page.tasks.count == 10 && page.blobKeys.count == 7)
            #expect(try await remover.step() == 0)
            world.clock.advance(seconds: 61)
            #expect(try await remover.step() == 10)
            #expect(try await world.database.write { try $0.remove(page) } == 0)
            _ = try await world.removeTasks()
            #expect(try await world.reports() == before)
            try await world.expectIntact()
        }
    }

    @Test("a video whose images are in hand goes when they are done")
    func images() async throws {
        try await EngineWorld.with { world in
            _ = try await world.mixedBatch()
            world.clock.advance(seconds: 31 * 86_400)
            try await world.database.write { transaction in
                try transaction.execute(
                    """
                    UPDATE illustration SET due_at = \(transaction.now.milliseconds + 90_000)
                    WHERE asset_id = (SELECT MIN(asset_id) FROM illustration)
                    """, [])
            }
            _ = try await world.removeTasks()
            #expect(try await world.rows("SELECT COUNT(*) FROM task") == [SQLRow([1])])
            #expect(world.blobs.keys.count == 1)
            try await world.expectIntact()
            world.clock.advance(seconds: 120)
            _ = try await world.removeTasks()
            #expect(try await world.rows("SELECT COUNT(*) FROM task") == [SQLRow([0])])
            #expect(world.blobs.keys == [])
            try await world.expectIntact()
        }
    }
}

extension EngineWorld {
    fileprivate var prompts: [TaskDraft] { (0..<10).map { TaskDraft(prompt: "prompt \($0)") } }

    /// A batch of ten that has ended: seven videos, three that the provider refused to make.
    fileprivate func mixedBatch() async throws -> Batch {
        provider.script { script in
            script.poll = { submission in
                ["prompt 0", "prompt 1", "prompt 2"].contains(submission.prompt)
                    ? .failed(ProviderFault(.moderated, message: "no")) : .completed
            }
        }
        try await topUp(100_000_000)
        let batch = try await create(10)
        try await run(seconds: 20)
        #expect(try await self.batch(batch.id).status == .partial)
        return batch
    }

    /// Removes everything whose time is over; answers in how many steps.
    fileprivate func removeTasks() async throws -> Int {
        let remover = TaskRemover(engine, keeping: TaskRetention(days: 30))
        var steps = 0
        while try await remover.step() > 0 { steps += 1 }
        return steps
    }

    /// Margins of the days of the batch, and the figures of its month.
    fileprivate func reports() async throws -> [String] {
        let created = try await rows("SELECT MIN(created_at) FROM batch")[0].integer(0)
        let from = Timestamp(milliseconds: created / 86_400_000 * 86_400_000)
        let margins = try await operators.margins(from: from, to: from.adding(seconds: 2 * 86_400))
        let month = CalendarMonth(containing: from)
        let organization = organization
        let months = try await database.read { reader in
            let batches = try reader.batchesOfServiceMonth(month, of: organization, after: "", limit: 10)
            return try batches.flatMap { try reader.serviceMonths(month, of: organization, from: $0, through: $0) }
        }
        return margins.lines.map { "\($0.subject) \($0.line)" } + months.map { "\($0)" }
    }
}
