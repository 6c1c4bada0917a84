import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("What the operator earns", .onEachDatabase)
struct MarginTests {
    private func catalogue(cost: Int64, isBilledOnFailure: Bool = true) -> Catalogue {
        let model = Catalogue.sora()
        let route = ProviderRoute(
            provider: model.route.provider, model: model.route.model, maxInFlight: model.route.maxInFlight,
            createsPerMinute: model.route.createsPerMinute,
            price: GenerationPrice(amount: Dollars(micros: cost), isBilledOnFailure: isBilledOnFailure))
        return .sample(
            VideoModel(
                id: model.id, displayName: model.displayName, unitPrice: model.unitPrice, minBatch: model.minBatch,
                maxBatch: model.maxBatch, seconds: model.seconds, sizes: model.sizes, slaSeconds: model.slaSeconds,
                deadlineSeconds: model.deadlineSeconds, route: route, unknownCreatePolicy: model.unknownCreatePolicy))
    }

    @Test("revenue and cost by day, at the price of the dispatch", arguments: TestDatabase.allCases)
    func report(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: catalogue(cost: 300_000)) { world in
            try await world.topUp(100_000_000)
            let day = world.clock.now
            _ = try await world.create(10, requestID: "one")
            try await world.run(seconds: 10)
            _ = try await world.operators.apply(catalogue(cost: 400_000))
            world.clock.advance(seconds: 86_400)
            _ = try await world.create(20, requestID: "two")
            try await world.run(seconds: 20)

            let start = Timestamp(milliseconds: day.milliseconds / 86_400_000 * 86_400_000)
            let report = try await world.operators.margins(from: start, to: start.adding(seconds: 2 * 86_400))
            #expect(
                report.lines.map(\.subject.day).map(Int64.init) == [0, 1].map { start.milliseconds / 86_400_000 + $0 })
            #expect(report.lines.map(\.line.attempts) == [10, 20])
            #expect(report.lines.map(\.line.cost.micros) == [3_000_000, 8_000_000])
            #expect(report.lines.map(\.line.revenue.micros) == [4_900_000, 9_800_000])
            #expect(report.total.margin == Dollars(micros: 14_700_000 - 11_000_000))
            let second = try await world.operators.margins(
                from: start.adding(seconds: 86_400), to: start.adding(seconds: 2 * 86_400))
            #expect(second.lines.map(\.line.attempts) == [20])
            await #expect(throws: Refusal.self) { try await world.operators.margins(from: start, to: start) }
        }
    }

    @Test(
        "a bill goes before list prices, once for each job, and names what nobody owns",
        arguments: TestDatabase.allCases)
    func bill(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind, catalogue: catalogue(cost: 300_000)) { world in
            try await world.topUp(100_000_000)
            _ = try await world.create(10, requestID: "one")
            try await world.run(seconds: 10)
            let start = Timestamp(milliseconds: world.clock.now.milliseconds / 86_400_000 * 86_400_000)
            func total() async throws -> (line: MarginReport.Line, unmatched: Int64) {
                let report = try await world.operators.margins(from: start, to: start.adding(seconds: 86_400))
                return (report.total, report.unmatchedCost.micros)
            }
            #expect(try await total().line.cost.micros == 3_000_000)
            let jobs = world.provider.jobs.map(\.id)
            var lines = jobs.prefix(4).map { ProviderCharge(job: $0, amount: Dollars(micros: 350_000)) }
            lines.append(ProviderCharge(job: ProviderJobID("nobody"), amount: Dollars(micros: 7)))
            let first = try await world.operators.importCosts(lines, of: "test", bill: "2026-11", by: "ada")
            #expect(first.matched == 4 && first.unmatched.map(\.amount.micros) == [7] && first.conflicting == [])
            let billed = try await total()
            #expect(billed.line.cost.micros == 4 * 350_000 + 6 * 300_000 && billed.line.billedCost.micros == 1_400_000)
            #expect(billed.unmatched == 7 && billed.line.attempts == 10)
            // The same bill again, with one amount changed.
            lines[0] = ProviderCharge(job: jobs[0], amount: Dollars(micros: 1))
            let again = try await world.operators.importCosts(lines, of: "test", bill: "2026-11", by: "ada")
            #expect(again.replayed == 4 && again.matched == 0 && again.conflicting == [lines[0]])
            #expect(try await total().line.cost == billed.line.cost)
            // Another provider's job of the same name is another job.
            let other = try await world.operators.importCosts(Array(lines[1...1]), of: "other", bill: "b", by: "ada")
            #expect(other.unmatched.count == 1)
            for provider in ["", "a\n"] {
                await #expect(throws: Refusal.self) {
                    try await world.operators.importCosts(lines, of: provider, bill: "b", by: "ada")
                }
            }
        }
    }

    @Test("a report reads the attempts of its days only", arguments: TestDatabase.allCases)
    func plan(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let recorder = RecordingDatabase(world.database)
            try await recorder.read { reader in
                _ = try reader.attemptGroups(from: reader.now, to: reader.now.adding(seconds: 1))
            }
            let statement = try #require(recorder.statements.first)
            let plan = try await QueryPlan(of: statement.sql, statement.values, on: world.database)
            #expect(plan.lines.contains { $0.contains("attempt_started") }, "\(plan.lines)")
        }
    }
}
