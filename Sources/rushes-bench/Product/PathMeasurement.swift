import RushesCore
import RushesEngine

/// A batch's way through claim, submit, poll, store, finish and settle, against the same row writes by plain SQL.
struct PathMeasurement {
    let tasks: Int
    let repetitions: Int

    struct Result {
        let figures: [Figure]
        let peakBytes: Int64
    }

    /// Tasks per second of plain SQL, committed in the two ways.
    private struct Ceiling {
        var perStage = 0.0
        var perGroup = 0.0
    }

    private struct Run {
        let tasksPerSecond: Double
        let ledgerLines: Int
        let ledgerTransactions: Int
        let commits: Int
    }

    func run(in folder: BenchFolder) async throws -> Result {
        var ceiling = Ceiling()
        var runs: [Run] = []
        var peak: Int64 = 0
        try await raise(&ceiling, in: folder, "0")
        for number in 1...repetitions {
            PeakMemory.reset()
            runs.append(try await product("path-\(number)", in: folder))
            peak = max(peak, PeakMemory.bytes() ?? 0)
            try await raise(&ceiling, in: folder, "\(number)")
        }
        return Result(figures: figures(of: runs, ceiling), peakBytes: peak)
    }

    private func figures(of runs: [Run], _ ceiling: Ceiling) -> [Figure] {
        let rate = runs.map(\.tasksPerSecond).median
        let last = runs[runs.count - 1]
        return [
            Figure(
                name: "running it: all tasks through all workers", value: rate, unit: "tasks/s",
                ceiling: ceiling.perStage, ratio: rate / ceiling.perStage, goal: .atLeast(0.2)),
            Figure(
                name: "  the same to one commit per 100 tasks", value: rate, unit: "tasks/s",
                ceiling: ceiling.perGroup, ratio: rate / ceiling.perGroup, goal: .atLeast(0.2)),
            Figure(
                name: "its ledger lines", value: Double(last.ledgerLines), unit: "", goal: .atMost(300)),
            Figure(name: "its ledger transactions", value: Double(last.ledgerTransactions), unit: ""),
            Figure(name: "its commits", value: Double(last.commits), unit: ""),
        ]
    }

    private func product(_ name: String, in folder: BenchFolder) async throws -> Run {
        let world = try await BenchWorld.make(name, in: folder)
        let draft = BatchDraft(requestID: name, model: BenchWorld.model.id, tasks: BenchWorld.drafts(tasks))
        let committed = world.commits.count
        let batch = try await BatchService(world.engine).create(draft, for: world.organization).batch
        let seconds = try await Stopwatch.seconds { try await WorkerLoops(world).run(untilEndOf: batch.id) }
        let rows = try await world.ledgerRows(of: batch.id)
        let commits = world.commits.count - committed
        try await world.close()
        return Run(
            tasksPerSecond: Double(tasks) / seconds, ledgerLines: rows.lines, ledgerTransactions: rows.transactions,
            commits: commits)
    }

    private func raise(_ ceiling: inout Ceiling, in folder: BenchFolder, _ name: String) async throws {
        let perStage = try await plain(.perStage, "stages-\(name)", in: folder)
        let perGroup = try await plain(.perGroup, "groups-\(name)", in: folder)
        ceiling.perStage = max(ceiling.perStage, perStage)
        ceiling.perGroup = max(ceiling.perGroup, perGroup)
    }

    private func plain(_ commits: PlainPath.Commits, _ name: String, in folder: BenchFolder) async throws -> Double {
        let world = try await BenchWorld.make(name, in: folder)
        let lot = try await world.lotID()
        try await world.close()
        let database = try PlainSQLite(world.file)
        let values = PlainBatch(world, lot: lot, count: tasks)
        try PlainInsert(database).run(values)
        let path = try PlainPath(database, commits)
        return Double(tasks) / (try Stopwatch.seconds { try path.run(values) })
    }
}
