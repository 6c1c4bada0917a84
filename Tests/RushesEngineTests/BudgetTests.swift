import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Budgets", .onEachDatabase)
struct BudgetTests {
    private static let price: Int64 = 490_000

    private func draft(_ requestID: String, _ count: Int, project: String? = nil, fails: Bool = false) -> BatchDraft {
        BatchDraft(
            requestID: requestID, model: "sora-2",
            tasks: (0..<count).map { TaskDraft(prompt: fails ? "moderated \($0)" : "good \($0)") }, project: project)
    }

    private func world(_ body: (EngineWorld, BudgetService) async throws -> Void) async throws {
        try await EngineWorld.with { world in
            try await world.topUp(1_000_000_000)
            try await body(world, BudgetService(world.engine))
            try await world.expectIntact()
        }
    }

    @Test("of a project refuses the batch that it has no room for, writes nothing, and leaves the key free")
    func refuses() async throws {
        try await world { world, budgets in
            let limit = Credits(micros: 30 * Self.price)
            _ = try await budgets.setBudget(of: .project("spring"), .month, limit: limit, for: world.organization)
            for (number, count) in [12, 19, 18].enumerated() {
                let draft = draft("r\(number)", count, project: "spring")
                if count != 19 {
                    _ = try await world.batches.create(draft, for: world.organization)
                    continue
                }
                let quote = try await world.batches.quote(draft, for: world.organization)
                #expect(!quote.canStart && quote.budgets.first?.left == Credits(micros: 18 * Self.price))
                do {
                    _ = try await world.batches.create(draft, for: world.organization)
                    Issue.record("not refused")
                } catch Refusal.budgetExceeded(let budget, let needed) {
                    #expect(budget.left?.micros == 18 * Self.price && needed.micros == 19 * Self.price)
                }
                #expect(try await world.batches.batch(requestID: "r1", of: world.organization) == nil)
                // Other projects and batches without a label are not concerned, and the key is free.
                _ = try await world.batches.create(self.draft("r1", 10, project: "autumn"), for: world.organization)
                _ = try await world.batches.create(self.draft("plain", 10), for: world.organization)
            }
            let used = try await budgets.budgets(of: world.organization)
            #expect(used.map(\.used.micros) == [30 * Self.price])
        }
    }

    @Test("gets its room back when failed tasks are posted, in the month of the freeze")
    func givesBack() async throws {
        try await world { world, budgets in
            let subject = Budget.Subject.project("spring")
            for period in Budget.Period.allCases {
                _ = try await budgets.setBudget(of: subject, period, limit: nil, for: world.organization)
            }
            world.provider.script { $0.poll = { _ in .gaveUp(.moderated) } }
            let batch = try await world.batches.create(draft("r", 10, project: "spring"), for: world.organization).batch
            let month = CalendarMonth(containing: batch.createdAt)
            #expect(try await budgets.budgets(of: world.organization).map(\.used) == [batch.frozen, batch.frozen])
            // The next month begins before anything fails.
            world.clock.advance(seconds: month.next.start.milliseconds(since: batch.createdAt) / 1_000 + 1)
            let other = try await world.batches.create(draft("s", 10, project: "spring"), for: world.organization).batch
            try await world.run(seconds: 30)
            #expect(try await world.batches.batch(batch.id, of: world.organization).status == .failed)
            let rows = try await world.database.read { reader in
                try reader.query("SELECT period, starts_at, used_micros FROM budget_use ORDER BY 1, 2", [])
                    .map { try $0.integer(2) }
            }
            #expect(other.frozen.micros == 10 * Self.price && rows == [0, 0, 0, 0])
        }
    }

    @Test("of a key counts what was frozen before it was set; of two creations at the same time one is refused")
    func countsFromBefore() async throws {
        try await world { world, budgets in
            let key = try await world.operators.createKey(for: world.organization, label: "ci").key.id
            _ = try await world.batches.create(draft("before", 10), by: key, for: world.organization)
            let set = try await budgets.setBudget(
                of: .apiKey(key), .day, limit: Credits(micros: 25 * Self.price), for: world.organization)
            #expect(set.used.micros == 10 * Self.price && set.left?.micros == 15 * Self.price)
            var creations: [BatchCreation] = []
            for name in ["one", "two"] {
                creations.append(try await world.batches.read(draft(name, 10), by: key, for: world.organization))
            }
            let results = try await world.batches.create(creations, for: world.organization)
            #expect((try? results[0].get()) != nil && (try? results[1].get()) == nil)
            // The same request again is the same batch, whatever the budget says.
            let again = try await world.batches.create(draft("one", 10), by: key, for: world.organization)
            #expect(again.isReplay)
            // A limit below what is used refuses everything; without one everything goes.
            _ = try await budgets.setBudget(of: .apiKey(key), .day, limit: .zero, for: world.organization)
            await #expect(throws: Refusal.self) {
                try await world.batches.create(draft("two", 10), by: key, for: world.organization)
            }
            _ = try await budgets.setBudget(of: .apiKey(key), .day, limit: nil, for: world.organization)
            _ = try await world.batches.create(draft("two", 10), by: key, for: world.organization)
        }
    }

    @Test("cannot be lifted with the key that it limits, nor set for another's key, nor for a label that is none")
    func rights() async throws {
        try await world { world, budgets in
            let key = try await world.operators.createKey(for: world.organization, label: "ci").key.id
            let stranger = try await world.operators.createOrganization(named: "Other")
            _ = try await budgets.setBudget(of: .apiKey(key), .day, limit: .zero, for: world.organization)
            await #expect(throws: Refusal.keyHasBudget) {
                try await budgets.setBudget(of: .apiKey(key), .day, limit: nil, for: world.organization, by: key)
            }
            await #expect(throws: Refusal.notFound) {
                try await budgets.setBudget(of: .apiKey(stranger.key.id), .day, limit: nil, for: world.organization)
            }
            for label in ["", "a\n", String(repeating: "x", count: 65)] {
                await #expect(throws: Refusal.self) {
                    try await budgets.setBudget(of: .project(label), .day, limit: nil, for: world.organization)
                }
                await #expect(throws: Refusal.self) {
                    try await world.batches.create(draft("r", 10, project: label), for: world.organization)
                }
            }
        }
    }
}
