import RushesBlobs
import RushesCore
import RushesEngine
import RushesSimulation

/// A batch's way through claim, submit, poll, store, finish and settle, against the same row writes by plain SQL.
struct PathMeasurement {
    let databases: BenchDatabases
    let sizes: BenchSizes

    /// Tasks per second of plain SQL in groups of each size, the best so far.
    private struct Ceiling {
        var series: [Int: [Double]] = [:]

        func best(_ group: Int) -> Double { series[group]?.max() ?? 0 }
    }

    private struct Run {
        let tasksPerSecond: Double
        let commits: Int
        let ledgerLines: Int
    }

    private static let groups = [100, 1_000]

    func run() async throws -> [Figure] {
        var ceiling = Ceiling()
        try await raise(&ceiling, "before")
        PeakMemory.reset()
        var runs: [Run] = []
        for number in 1...sizes.runs { runs.append(try await alone("path_\(number)", blobs: MemoryBlobStore())) }
        let peak = PeakMemory.bytes() ?? 0
        try await raise(&ceiling, "between")
        let disk = try await DiskBlobStore.open(
            databases.folder.path(of: "blobs-\(databases.kind)"), owner: "bench", now: BenchEnvironment.now())
        let onDisk = try await alone("path_disk", blobs: disk)
        var many: [(nodes: Int, run: Run)] = []
        if databases.kind == .postgres {
            for nodes in [2, 4] { many.append((nodes, try await together(nodes, "path_nodes_\(nodes)"))) }
        }
        try await raise(&ceiling, "after")
        return figures(ceiling, runs, onDisk, many) + [.peakMemory(of: "rushes-bench", bytes: peak)]
    }

    private func figures(
        _ ceiling: Ceiling, _ runs: [Run], _ onDisk: Run, _ many: [(nodes: Int, run: Run)]
    ) -> [Figure] {
        let best = ceiling.best(100)
        func figure(_ name: String, _ rate: Double, _ goal: Figure.Goal? = nil) -> Figure {
            Figure(name: name, value: rate, unit: "tasks/s", ceiling: best, ratio: rate / best, goal: goal)
        }
        let rate = runs.map(\.tasksPerSecond).median
        let last = runs[runs.count - 1]
        var figures = Self.groups.map { group in
            Figure(
                name: "plain SQL in groups of \(group)", value: ceiling.best(group), unit: "tasks/s",
                note: (ceiling.series[group] ?? []).map(\.short).joined(separator: ", "))
        }
        figures.append(figure("1 node, to groups of 100", rate, .atLeast(0.5)))
        figures.append(
            Figure(
                name: "  to groups of 1000", value: rate, unit: "tasks/s", ceiling: ceiling.best(1_000),
                ratio: rate / ceiling.best(1_000)))
        figures.append(
            Figure(
                name: "  commits per finished task", value: Double(last.commits) / Double(sizes.tasks), unit: "",
                goal: .atMost(0.05)))
        figures.append(Figure(name: "  ledger lines", value: Double(last.ledgerLines), unit: "", goal: .atMost(300)))
        figures.append(figure("1 node, videos on disk", onDisk.tasksPerSecond))
        for (nodes, run) in many {
            figures.append(figure("\(nodes) nodes (processes)", run.tasksPerSecond))
            figures.append(
                Figure(
                    name: "  commits per finished task", value: Double(run.commits) / Double(sizes.tasks), unit: ""))
        }
        return figures
    }

    /// The workers in this process.
    private func alone(_ name: String, blobs: any BlobStore) async throws -> Run {
        try await databases.with(name) { database in
            let world = try await BenchWorld.make(on: database, blobs: blobs)
            let before = database.commits
            let batch = try await WorkerRun.run(world.engine) {
                let batch = try await create(name, in: world)
                return try await world.end(of: batch)
            }
            return try await result(batch, commits: database.commits - before, in: world)
        }
    }

    /// The workers of several other processes.
    private func together(_ count: Int, _ name: String) async throws -> Run {
        try await databases.with(name) { database in
            let world = try await BenchWorld.make(on: database)
            let nodes = try (0..<count).map { _ in try NodeProcess(on: database.url ?? "") }
            for node in nodes { try node.waitUntilReady() }
            let batch = try await create(name, in: world)
            let ended = try await world.end(of: batch)
            let commits = try nodes.map { node in try node.stop() }.reduce(1, +)
            return try await result(ended, commits: commits, in: world)
        }
    }

    private func create(_ name: String, in world: BenchWorld) async throws -> BatchID {
        try await world.batches.create(BenchWorld.draft(name, tasks: sizes.tasks), for: world.organization).batch.id
    }

    /// From the first claim to the last posting, by the database's own time.
    private func result(_ batch: Batch, commits: Int, in world: BenchWorld) async throws -> Run {
        guard let started = batch.startedAt, let finished = batch.finishedAt, batch.counts.succeeded == sizes.tasks
        else { throw BenchError("batch \(batch.id) ended as \(batch.status): \(batch.counts)") }
        let seconds = Double(finished.milliseconds(since: started)) / 1_000
        return Run(
            tasksPerSecond: Double(sizes.tasks) / seconds, commits: commits,
            ledgerLines: try await world.ledgerLines(of: batch.id))
    }

    private func raise(_ ceiling: inout Ceiling, _ name: String) async throws {
        for group in Self.groups {
            let rate = try await plain(group, "path_\(name)_\(group)")
            ceiling.series[group, default: []].append(rate)
        }
    }

    private func plain(_ group: Int, _ name: String) async throws -> Double {
        try await databases.with(name) { database in
            let world = try await BenchWorld.make(on: database)
            let connection = try database.plain()
            let batch = PlainBatch(world, lot: try await world.lotID(), count: sizes.tasks)
            try PlainInsert(connection: connection, way: .fastest(of: databases.kind)).run(batch)
            try connection.tidy()
            let path = PlainPath(connection, batch, tasksPerGroup: min(group, sizes.tasks))
            return Double(sizes.tasks) / (try Stopwatch.seconds { try path.run() })
        }
    }
}

extension BulkWay {
    static func fastest(of kind: DatabaseKind) -> BulkWay {
        switch kind {
        case .sqlite: .insert
        case .postgres: .copy
        }
    }
}
