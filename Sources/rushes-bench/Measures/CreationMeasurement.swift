import RushesCore
import RushesEngine

/// Creating a batch, from the decoded request to its commit, against the same rows by plain SQL.
struct CreationMeasurement {
    let databases: BenchDatabases
    let sizes: BenchSizes

    func run() async throws -> [Figure] {
        try await databases.with("creation") { database in
            let world = try await BenchWorld.make(on: database)
            let plain = PlainCreation(world: world, lot: try await world.lotID(), tasks: sizes.tasks)
            let connection = try database.plain()
            let ways = type(of: connection).bulkWays
            var comparisons = ways.map { _ in Comparison(.time) }
            func measureCeilings() throws {
                for (index, way) in ways.enumerated() {
                    comparisons[index].addCeiling(try plain.milliseconds(way, connection))
                }
            }
            try measureCeilings()
            var peak: Int64 = 0
            for number in 0..<sizes.creations {
                PeakMemory.reset()
                let ours = try await milliseconds("bench-\(number)", in: world)
                peak = max(peak, PeakMemory.bytes() ?? 0)
                for index in ways.indices { comparisons[index].add(ours) }
                try measureCeilings()
            }
            let figures = zip(comparisons, ways).map { comparison, way in
                comparison.figure(
                    "\(sizes.tasks) tasks, to \(way.rawValue)", unit: "ms", goal: way == ways.last ? .atMost(2.5) : nil)
            }
            return figures + [.peakMemory(of: "rushes-bench", bytes: peak)]
        }
    }

    private func milliseconds(_ requestID: String, in world: BenchWorld) async throws -> Double {
        let draft = BenchWorld.draft(requestID, tasks: sizes.tasks)
        return try await Stopwatch.seconds {
            _ = try await world.batches.create(draft, for: world.organization)
        } * 1_000
    }
}

/// The rows of one more batch by plain SQL.
private struct PlainCreation {
    let world: BenchWorld
    let lot: String
    let tasks: Int

    func milliseconds(_ way: BulkWay, _ connection: any PlainConnection) throws -> Double {
        let batch = PlainBatch(world, lot: lot, count: tasks)
        let seconds = try Stopwatch.seconds { try PlainInsert(connection: connection, way: way).run(batch) }
        try connection.tidy()
        return seconds * 1_000
    }
}
