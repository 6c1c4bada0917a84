import RushesCore
import RushesEngine

/// Many callers that create small batches at the same time, on one wallet and on many, against one client that commits
/// one row at a time: what a hot wallet costs.
struct FreezeMeasurement {
    let databases: BenchDatabases
    let seconds: Int
    private static let callers = 16
    private static let tasksPerBatch = 10

    func run() async throws -> [Figure] {
        try await databases.with("freezes") { database in
            let world = try await BenchWorld.make(on: database)
            let connection = try database.plain()
            try connection.prepareSingleRows()
            var customers = [world.organization]
            for number in 1..<64 {
                customers.append(try await BenchWorld.customer("Studio \(number)", of: world.engine).organization)
            }
            let before = try CommitMeasurement.rate(connection)
            let one = try await rate(world, [world.organization])
            let between = try CommitMeasurement.rate(connection)
            let many = try await rate(world, customers)
            let after = try CommitMeasurement.rate(connection)
            let best = max(before, between, after)
            func figure(_ name: String, _ rate: Double, _ goal: Figure.Goal?) -> Figure {
                Figure(name: name, value: rate, unit: "/s", ceiling: best, ratio: rate / best, goal: goal)
            }
            return [
                Figure(
                    name: "one client, one row a commit", value: best, unit: "/s",
                    note: [before, between, after].map(\.short).joined(separator: ", ")),
                figure("freezes on one wallet", one, .atLeast(0.5)),
                figure("freezes on 64 wallets", many, nil),
            ]
        }
    }

    /// Batches created per second; each caller goes through the wallets in an order of its own.
    private func rate(_ world: BenchWorld, _ wallets: [OrganizationID]) async throws -> Double {
        let start = ContinuousClock.now
        let end = start.advanced(by: .seconds(seconds))
        let created = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<Self.callers {
                group.addTask { try await Self.create(world, wallets, caller, until: end) }
            }
            return try await group.reduce(0, +)
        }
        return Double(created) / (ContinuousClock.now - start).inSeconds
    }

    private static func create(
        _ world: BenchWorld, _ wallets: [OrganizationID], _ caller: Int, until end: ContinuousClock.Instant
    ) async throws -> Int {
        var created = 0
        while ContinuousClock.now < end {
            let draft = BenchWorld.draft("\(wallets.count)-\(caller)-\(created)", tasks: tasksPerBatch)
            let wallet = wallets[(caller * wallets.count / callers + created) % wallets.count]
            _ = try await world.batches.create(draft, for: wallet)
            created += 1
        }
        return created
    }
}
