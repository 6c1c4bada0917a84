import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("When what has ended is posted", .onEachDatabase)
struct SettlementTests {
    /// Steps every worker but the Settler, so that a test sees when a posting is due.
    private func work(_ world: EngineWorld, times: Int = 3) async throws {
        for _ in 0..<times {
            for worker in world.workers where worker.name != "settler" { _ = try await worker.step() }
        }
    }

    @Test("two seconds after the first unposted failure, not before")
    func failure() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { $0.prompt == "prompt 0" ? .gaveUp(.moderated) : .working } }
            let id = try await world.create(10).id
            try await work(world)
            world.clock.advance(seconds: 1)
            try await work(world)
            let due = world.clock.now.adding(seconds: 2)
            #expect(try await world.batch(id).settleDueAt == due)
            // A later failure does not put it off.
            world.clock.advance(seconds: 1)
            world.provider.script { $0.poll = { $0.prompt == "prompt 1" ? .gaveUp(.moderated) : .working } }
            try await work(world)
            #expect(try await world.batch(id).settleDueAt == due)
            #expect(try await Settler(world.engine).step() == 0)
            world.clock.advance(seconds: 1)
            #expect(try await Settler(world.engine).step() == 1)
            let batch = try await world.batch(id)
            #expect(batch.postedFailed == 2 && batch.settleDueAt == nil && batch.instalments == 1)
            #expect(try await Settler(world.engine).step() == 0)
        }
    }

    @Test("ten minutes after the first unposted success")
    func success() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            world.provider.script { $0.poll = { $0.prompt == "prompt 0" ? .completed : .working } }
            let id = try await world.create(5 * 2, requestID: "sora").id
            try await work(world)
            world.clock.advance(seconds: 1)
            try await work(world)
            #expect(try await world.batch(id).settleDueAt == world.clock.now.adding(seconds: 600))
            #expect(try await Settler(world.engine).step() == 0)
        }
    }

    @Test("at once when no task is open")
    func end() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            try await work(world)
            world.clock.advance(seconds: 1)
            try await work(world)
            #expect(try await world.batch(id).settleDueAt == world.clock.now)
            #expect(try await Settler(world.engine).step() == 1)
            let batch = try await world.batch(id)
            #expect(batch.status == .completed && batch.instalments == 1 && batch.finishedAt == world.clock.now)
        }
    }

    @Test("at once when 256 ends are unposted")
    func many() async throws {
        try await EngineWorld.with(catalogue: .sample(Catalogue.sora(maxInFlight: 1_000))) { world in
            try await world.topUp(200_000_000)
            world.provider.script { script in
                script.poll = { $0.prompt.hasPrefix("good") ? .completed : .working }
            }
            let id = try await world.create(300) { $0 < 255 ? "good \($0)" : "slow \($0)" }.id
            try await work(world)
            world.clock.advance(seconds: 2)
            try await work(world, times: 20)
            let almost = try await world.batch(id)
            #expect(almost.counts.succeeded == 255 && almost.settleDueAt == world.clock.now.adding(seconds: 600))
            world.provider.script { $0.poll = { $0.prompt == "slow 255" ? .completed : .working } }
            world.clock.advance(seconds: 2)
            try await work(world)
            let full = try await world.batch(id)
            #expect(full.counts.succeeded == 256 && full.settleDueAt == world.clock.now)
            #expect(try await Settler(world.engine).step() == 1)
            #expect(try await world.batch(id).postedSucceeded == 256)
        }
    }

    @Test(
        "freeze and finalize are answered again as they were; finalize with open tasks is refused",
        arguments: TestDatabase.allCases)
    func operations(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            let id = try await world.create(10).id
            let credits = world.credits
            let freeze = try await credits.freezeCreditsForBatch(id, of: world.organization)
            #expect(freeze.isReplay && freeze.transaction.kind == "freeze" && freeze.hold.total.micros == 4_900_000)
            await #expect(throws: Refusal.batchNotFinished) {
                try await credits.finalizeBatchCredits(id, of: world.organization)
            }
            try await work(world)
            world.clock.advance(seconds: 1)
            try await work(world)
            let written = try await world.rows("SELECT COUNT(*) FROM ledger_transaction")
            let finalize = try await credits.finalizeBatchCredits(id, of: world.organization)
            #expect(!finalize.isReplay && finalize.transaction.kind == "finalize" && finalize.hold.isClosed)
            #expect(try await world.batch(id).status == .completed)
            #expect(try await Settler(world.engine).step() == 0)
            let again = try await credits.finalizeBatchCredits(id, of: world.organization)
            #expect(again.isReplay && again.transaction == finalize.transaction && again.hold == finalize.hold)
            let frozen = try await credits.freezeCreditsForBatch(id, of: world.organization)
            #expect(frozen.transaction == freeze.transaction)
            let after = try await world.rows("SELECT COUNT(*) FROM ledger_transaction")
            #expect(try after[0].int(0) == written[0].int(0) + 1)
            let other = OrganizationID(trusted: "org_other")
            await #expect(throws: Refusal.notFound) { try await credits.finalizeBatchCredits(id, of: other) }
            await #expect(throws: Refusal.notFound) { try await credits.freezeCreditsForBatch(id, of: other) }
        }
    }
}
