import RushesCore
import RushesEngine

/// Many callers that create small batches at the same time, on one wallet and on many, against one client that commits
/// one row at a time: what a hot wallet costs.
struct FreezeMeasurement {
    let databases: BenchDatabases
    let seconds: Int
    private static let callers = 16
    static let tasksPerBatch = 10
    private static let rounds = 3

    func run() async throws -> [Figure] {
        try await databases.with("freezes") { database in
            let world = try await BenchWorld.make(on: database)
            let connection = try database.plain()
            try connection.prepareSingleRows()
            var customers = [world.organization]
            for number in 1..<64 {
                customers.append(try await BenchWorld.customer("Studio \(number)", of: world.engine).organization)
            }
            let plain = PlainFreezes(world: world, lot: try await world.lotID())
            var one = Comparison(.rate)
            var rows = Comparison(.rate)
            var many = Comparison(.rate)
            func measureCeiling() throws {
                let rate = try CommitMeasurement.rate(connection)
                one.addCeiling(rate)
                many.addCeiling(rate)
                rows.addCeiling(try plain.rate(connection))
            }
            try measureCeiling()
            for round in 0..<Self.rounds {
                let ours = try await rate(world, [world.organization], round)
                one.add(ours)
                rows.add(ours)
                try measureCeiling()
                many.add(try await rate(world, customers, round))
                try measureCeiling()
            }
            return [
                one.figure("on one wallet, to one client's single rows", unit: "/s", goal: .atLeast(0.5)),
                rows.figure("the same, to its rows by plain SQL", unit: "/s"),
                many.figure("on 64 wallets", unit: "/s"),
            ]
        }
    }

    /// Batches created per second; each caller goes through the wallets in an order of its own.
    private func rate(_ world: BenchWorld, _ wallets: [OrganizationID], _ round: Int) async throws -> Double {
        let start = ContinuousClock.now
        let end = start.advanced(by: .milliseconds(seconds * 1_000 / 2))
        let created = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<Self.callers {
                group.addTask { try await Self.create(world, wallets, caller, round, until: end) }
            }
            return try await group.reduce(0, +)
        }
        return Double(created) / (ContinuousClock.now - start).inSeconds
    }

    private static func create(
        _ world: BenchWorld, _ wallets: [OrganizationID], _ caller: Int, _ round: Int,
        until end: ContinuousClock.Instant
    ) async throws -> Int {
        var created = 0
        while ContinuousClock.now < end {
            let draft = BenchWorld.draft("\(wallets.count)-\(round)-\(caller)-\(created)", tasks: tasksPerBatch)
            let wallet = wallets[(caller * wallets.count / callers + created) % wallets.count]
            _ = try await world.batches.create(draft, for: wallet)
            created += 1
        }
        return created
    }
}

/// Batches on one wallet by plain SQL: as many in each transaction as the callers of ours bring together.
private struct PlainFreezes {
    let world: BenchWorld
    let lot: String
    private static let batchesPerCommit = 15
    private static let commits = 20
    /// Before the clock starts: so many executions make up the server's mind about its plans.
    private static let commitsBefore = 6

    /// Batches a second.
    func rate(_ connection: any PlainConnection) throws -> Double {
        var seconds = 0.0
        for number in 0..<(Self.commitsBefore + Self.commits) {
            let batches = (0..<Self.batchesPerCommit).map { _ in
                PlainBatch(world, lot: lot, count: FreezeMeasurement.tasksPerBatch)
            }
            let place = try PlainFreeze.Place(of: world.organization.rawValue, connection)
            let freeze = PlainFreeze(batches, after: place)
            let taken = try Stopwatch.seconds { try freeze.run(on: connection) }
            if number >= Self.commitsBefore { seconds += taken }
        }
        try connection.tidy()
        return Double(Self.batchesPerCommit * Self.commits) / seconds
    }
}
