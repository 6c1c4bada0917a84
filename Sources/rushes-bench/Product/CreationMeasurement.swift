import RushesCore
import RushesEngine

/// Creating a batch, from the decoded request to its commit, against the same rows by plain inserts.
struct CreationMeasurement {
    let tasks: Int
    let repetitions: Int

    struct Result {
        let figures: [Figure]
        let peakBytes: Int64
    }

    func run(in folder: BenchFolder) async throws -> Result {
        let before = try await plain("insert-before", in: folder)
        PeakMemory.reset()
        let ours = try await product(in: folder)
        let peak = PeakMemory.bytes() ?? 0
        let after = try await plain("insert-after", in: folder)
        let ceiling = min(before, after)
        let figures = [
            Figure(name: "plain insert of its rows, before", value: before * 1_000, unit: "ms"),
            Figure(name: "plain insert of its rows, after", value: after * 1_000, unit: "ms"),
            Figure(
                name: "creating it: request to commit", value: ours * 1_000, unit: "ms", ceiling: ceiling * 1_000,
                ratio: ours / ceiling, goal: .atMost(3)),
        ]
        return Result(figures: figures, peakBytes: peak)
    }

    private func product(in folder: BenchFolder) async throws -> Double {
        let world = try await BenchWorld.make("create", in: folder)
        let batches = BatchService(world.engine)
        var series: [Double] = []
        for number in 0..<repetitions {
            let draft = BatchDraft(
                requestID: "bench-\(number)", model: BenchWorld.model.id, tasks: BenchWorld.drafts(tasks))
            let seconds = try await Stopwatch.seconds { _ = try await batches.create(draft, for: world.organization) }
            series.append(seconds)
        }
        try await world.close()
        return series.median
    }

    private func plain(_ name: String, in folder: BenchFolder) async throws -> Double {
        let world = try await BenchWorld.make(name, in: folder)
        let lot = try await world.lotID()
        try await world.close()
        let database = try PlainSQLite(world.file)
        let insert = try PlainInsert(database)
        var series: [Double] = []
        for _ in 0..<repetitions {
            let values = PlainBatch(world, lot: lot, count: tasks)
            series.append(try Stopwatch.seconds { try insert.run(values) })
            try database.checkpoint()
        }
        return series.median
    }
}
