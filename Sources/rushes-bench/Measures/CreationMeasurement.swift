import RushesCore
import RushesEngine

/// Creating a batch, from the decoded request to its commit, against the same rows by plain SQL.
struct CreationMeasurement {
    let databases: BenchDatabases
    let sizes: BenchSizes

    private var ways: [BulkWay] {
        switch databases.kind {
        case .sqlite: PlainSQLite.bulkWays
        case .postgres: PlainPostgres.bulkWays
        }
    }

    func run() async throws -> [Figure] {
        let before = try await plain("creation_before")
        PeakMemory.reset()
        let ours = try await product()
        let peak = PeakMemory.bytes() ?? 0
        let after = try await plain("creation_after")
        var figures = zip(ways, zip(before, after)).flatMap { way, seconds in
            [
                Figure(name: "\(way.rawValue) of its rows, before", value: seconds.0 * 1_000, unit: "ms"),
                Figure(name: "\(way.rawValue) of its rows, after", value: seconds.1 * 1_000, unit: "ms"),
            ]
        }
        for (way, seconds) in zip(ways, zip(before, after)) {
            let ceiling = min(seconds.0, seconds.1)
            figures.append(
                Figure(
                    name: "creating \(sizes.tasks) tasks, to \(way.rawValue)", value: ours * 1_000, unit: "ms",
                    ceiling: ceiling * 1_000, ratio: ours / ceiling, goal: way == ways.last ? .atMost(2.5) : nil))
        }
        figures.append(.peakMemory(of: "rushes-bench", bytes: peak))
        return figures
    }

    private func product() async throws -> Double {
        try await databases.with("creation_ours") { database in
            let world = try await BenchWorld.make(on: database)
            var series: [Double] = []
            for number in 0..<sizes.creations {
                let draft = BenchWorld.draft("bench-\(number)", tasks: sizes.tasks)
                series.append(
                    try await Stopwatch.seconds { _ = try await world.batches.create(draft, for: world.organization) })
            }
            return series.median
        }
    }

    /// The median of each way.
    private func plain(_ name: String) async throws -> [Double] {
        try await databases.with(name) { database in
            let world = try await BenchWorld.make(on: database)
            let lot = try await world.lotID()
            let connection = try database.plain()
            return try ways.map { way in
                try (0..<sizes.creations).map { _ in
                    let batch = PlainBatch(world, lot: lot, count: sizes.tasks)
                    let seconds = try Stopwatch.seconds { try PlainInsert(connection: connection, way: way).run(batch) }
                    try connection.tidy()
                    return seconds
                }.median
            }
        }
    }
}
