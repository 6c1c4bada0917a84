import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore

/// Sixteen callers on one wallet that do everything at once: they create batches and call every second one off, buy,
/// and correct, while the workers run and settle what was created. Afterwards every invariant is looked at.
struct MixedMoneyMeasurement {
    let databases: BenchDatabases
    let seconds: Int
    private static let callers = 16
    private static let tasksPerBatch = 10

    func run() async throws -> [Figure] {
        try await databases.with("mixed") { database in
            let world = try await BenchWorld.make(on: database)
            let connection = try database.plain()
            try connection.prepareSingleRows()
            var freezes = Comparison(.rate)
            freezes.addCeiling(try CommitMeasurement.rate(connection))
            let start = ContinuousClock.now
            let end = start.advanced(by: .seconds(seconds))
            let done = try await WorkerRun.run(world.engine) { try await Self.act(in: world, until: end) }
            let elapsed = (ContinuousClock.now - start).inSeconds
            freezes.add(Double(done.freezes) / elapsed)
            freezes.addCeiling(try CommitMeasurement.rate(connection))
            return [
                freezes.figure("freezes, to one client's single rows", unit: "/s"),
                Figure(name: "purchases", value: Double(done.purchases) / elapsed, unit: "/s"),
                Figure(name: "corrections", value: Double(done.corrections) / elapsed, unit: "/s"),
                Figure(
                    name: "settlements", value: Double(try await Self.settlements(in: world)) / elapsed, unit: "/s"),
                try await Self.check(world),
            ]
        }
    }

    /// What the callers have done together.
    private struct Done: Sendable {
        var freezes = 0
        var purchases = 0
        var corrections = 0
    }

    private static func act(in world: BenchWorld, until end: ContinuousClock.Instant) async throws -> Done {
        try await withThrowingTaskGroup(of: Done.self) { group in
            for caller in 0..<callers { group.addTask { try await act(in: world, as: caller, until: end) } }
            var sum = Done()
            for try await done in group {
                sum.freezes += done.freezes
                sum.purchases += done.purchases
                sum.corrections += done.corrections
            }
            return sum
        }
    }

    /// Of ten turns of a caller one buys, one corrects, and eight create.
    private static func act(
        in world: BenchWorld, as caller: Int, until end: ContinuousClock.Instant
    ) async throws -> Done {
        let operators = OperatorService(world.engine)
        var done = Done()
        var turn = 0
        while ContinuousClock.now < end {
            turn += 1
            switch (turn + caller) % 10 {
            case 0:
                _ = try await operators.confirmPurchase(
                    .topup(Credits(micros: 10_000_000)), for: world.organization, reference: "mix-\(caller)-\(turn)")
                done.purchases += 1
            case 5:
                let amount = Credits(micros: turn.isMultiple(of: 2) ? 1_000_000 : -1_000_000)
                let proposed = try await operators.proposeAdjustment(
                    Adjustment.Proposal(
                        organization: world.organization, amount: amount, reason: "mix", ticket: "T", by: "ada"))
                _ = try await operators.decideAdjustment(proposed.id, .approve, by: "bob")
                done.corrections += 1
            default:
                let draft = BenchWorld.draft("mix-\(caller)-\(turn)", tasks: tasksPerBatch)
                let batch = try await world.batches.create(draft, for: world.organization).batch
                done.freezes += 1
                if turn.isMultiple(of: 2) { _ = try await world.batches.cancel(batch.id, of: world.organization) }
            }
        }
        return done
    }

    private static func settlements(in world: BenchWorld) async throws -> Int {
        try await world.database.port.read { reader in
            try reader.query("SELECT COUNT(*) FROM ledger_transaction WHERE kind IN ('settle', 'finalize')", [])[0]
                .int(0)
        }
    }

    /// Everything holds; a wallet or lot below zero would be one of the violations.
    private static func check(_ world: BenchWorld) async throws -> Figure {
        let report = try await InvariantSweep(world.database.port).run()
        if let first = report.violations.first { throw BenchError("\(report.violations.count) violations: \(first)") }
        return Figure(
            name: "violations of invariants", value: 0, unit: "", goal: .atMost(0),
            note: "\(report.batches) batches, \(Invariant.allCases.count) invariants")
    }
}
