import RushesBlobs
import RushesCore
import RushesEngine
import RushesSimulation

/// A batch's way through claim, submit, poll, store, finish and settle, against the same row writes by plain SQL.
struct PathMeasurement {
    let databases: BenchDatabases
    let sizes: BenchSizes

    private struct Run {
        let tasksPerSecond: Double
        let commitsPerTask: Double
        let ledgerLines: Int
    }

    func run() async throws -> [Figure] {
        var plain = PlainPathSeries(databases: databases, tasks: sizes.tasks)
        var series: [(name: String, comparison: Comparison, last: Run)] = []
        var ceiling = try await plain.tasksPerSecond(100)
        let inThousands = try await plain.tasksPerSecond(1_000)
        PeakMemory.reset()
        for variant in variants {
            var comparison = Comparison(.rate)
            comparison.addCeiling(ceiling)
            var last: Run?
            for number in 1...variant.runs {
                let run = try await run(variant, number)
                comparison.add(run.tasksPerSecond)
                ceiling = try await plain.tasksPerSecond(100)
                comparison.addCeiling(ceiling)
                last = run
            }
            if let last { series.append((variant.name, comparison, last)) }
        }
        let peak = PeakMemory.bytes() ?? 0
        let best = max(inThousands, try await plain.tasksPerSecond(1_000))
        var figures = series.flatMap { name, comparison, last in self.figures(name, comparison, last) }
        figures[0].goal = .atLeast(0.5)
        figures[1].goal = .atMost(0.05)
        figures.append(
            Figure(
                name: "plain SQL in groups of 1000 instead of 100", value: best, unit: "tasks/s"))
        figures.append(.peakMemory(of: "rushes-bench", bytes: peak))
        return figures
    }

    private func figures(_ name: String, _ comparison: Comparison, _ last: Run) -> [Figure] {
        [
            comparison.figure(name, unit: "tasks/s"),
            Figure(name: "  commits per finished task", value: last.commitsPerTask, unit: ""),
            Figure(name: "  ledger lines", value: Double(last.ledgerLines), unit: "", goal: .atMost(300)),
        ]
    }

    /// Who works, and where the videos go.
    private struct Variant {
        let name: String
        var nodes = 1
        var isOnDisk = false
        var runs = 1
    }

    private var variants: [Variant] {
        let alone = [
            Variant(name: "1 node", runs: sizes.runs), Variant(name: "1 node, videos on disk", isOnDisk: true),
        ]
        switch databases.kind {
        case .sqlite: return alone
        case .postgres:
            return alone + [2, 4].map { count in Variant(name: "\(count) nodes (processes)", nodes: count) }
        }
    }

    private func run(_ variant: Variant, _ number: Int) async throws -> Run {
        let name = "path_\(variant.nodes)_\(variant.isOnDisk ? "disk" : "memory")_\(number)"
        let folder = databases.folder.path(of: "blobs-\(databases.kind.rawValue)")
        let blobs: any BlobStore =
            variant.isOnDisk
            ? try await DiskBlobStore.open(folder, owner: "bench", now: BenchEnvironment.now()) : MemoryBlobStore()
        return try await databases.with(name) { database in
            let world = try await BenchWorld.make(on: database, blobs: blobs)
            return try await variant.nodes == 1 ? alone(world) : together(variant.nodes, world)
        }
    }

    /// The workers in this process.
    private func alone(_ world: BenchWorld) async throws -> Run {
        let before = world.database.commits
        let batch = try await WorkerRun.run(world.engine) {
            try await world.end(of: try await create(in: world))
        }
        return try await result(batch, commits: world.database.commits - before, in: world)
    }

    /// The workers of several other processes.
    private func together(_ count: Int, _ world: BenchWorld) async throws -> Run {
        let nodes = try (0..<count).map { _ in try NodeProcess(on: world.database.url ?? "") }
        for node in nodes { try node.waitUntilReady() }
        let batch = try await world.end(of: try await create(in: world))
        let commits = try nodes.map { node in try node.stop() }.reduce(1, +)
        return try await result(batch, commits: commits, in: world)
    }

    private func create(in world: BenchWorld) async throws -> BatchID {
        try await world.batches.create(BenchWorld.draft("path", tasks: sizes.tasks), for: world.organization).batch.id
    }

    /// From the first claim to the last posting, by the database's own time.
    private func result(_ batch: Batch, commits: Int, in world: BenchWorld) async throws -> Run {
        guard let started = batch.startedAt, let finished = batch.finishedAt, batch.counts.succeeded == sizes.tasks
        else { throw BenchError("batch \(batch.id) ended as \(batch.status): \(batch.counts)") }
        let seconds = Double(finished.milliseconds(since: started)) / 1_000
        return Run(
            tasksPerSecond: Double(sizes.tasks) / seconds, commitsPerTask: Double(commits) / Double(sizes.tasks),
            ledgerLines: try await world.ledgerLines(of: batch.id))
    }
}

/// Plain SQL, each time on a database of its own.
private struct PlainPathSeries {
    let databases: BenchDatabases
    let tasks: Int
    private var number = 0

    init(databases: BenchDatabases, tasks: Int) {
        self.databases = databases
        self.tasks = tasks
    }

    mutating func tasksPerSecond(_ group: Int) async throws -> Double {
        number += 1
        return try await databases.with("plain_path_\(number)") { database in
            let world = try await BenchWorld.make(on: database)
            let connection = try database.plain()
            let batch = PlainBatch(world, lot: try await world.lotID(), count: tasks)
            let way = type(of: connection).bulkWays.last ?? .insert
            try PlainInsert(connection: connection, way: way).run(batch)
            try connection.tidy()
            let path = PlainPath(connection, batch, tasksPerGroup: min(group, tasks))
            return Double(tasks) / (try Stopwatch.seconds { try path.run() })
        }
    }
}
