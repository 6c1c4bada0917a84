import ArgumentParser

/// How far the product is from what this file system and this SQLite can do, measured in one run.
@main struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rushes-bench",
        abstract: "Measures creating and running a large batch against plain SQL on the same file system.",
        discussion: "docs/performance.md tells what is measured and how. Build it for release: make bench.")

    @Option(help: "Tasks of a batch.")
    var tasks = 10_000

    @Option(help: "Batches created in each series; the median counts.")
    var creations = 5

    @Option(help: "Batches run to their end.")
    var runs = 3

    @Option(help: "A built rushes: measures the memory of `rushes serve` too.", completion: .file())
    var rushes: String?

    @Option(
        help: "Where the databases are, in a folder of their own that is removed afterwards.", completion: .directory)
    var folder = "."

    @Flag(help: "Write JSON to stdout instead of a table.")
    var json = false

    func validate() throws {
        guard (100...10_000).contains(tasks), tasks % 100 == 0 else {
            throw ValidationError("--tasks is a multiple of 100 between 100 and 10000")
        }
        guard (1...100).contains(creations), (1...100).contains(runs) else {
            throw ValidationError("--creations and --runs are between 1 and 100")
        }
    }

    func run() async throws {
        let folder = try BenchFolder(beside: folder)
        defer { folder.remove() }
        let report = try await measure(in: folder)
        print(json ? try report.json : report.table)
    }

    private func measure(in folder: BenchFolder) async throws -> Report {
        var report = Report(tasks: tasks)
        try report.add(DiskProbe(folder).figure(when: "before"))
        tell("creating \(tasks) tasks, \(creations) times, and plain inserts before and after")
        let creation = try await CreationMeasurement(tasks: tasks, repetitions: creations).run(in: folder)
        report.add(creation.figures)
        tell("running a batch of \(tasks) to its end, \(runs) times, and plain SQL before and after each")
        let path = try await PathMeasurement(tasks: tasks, repetitions: runs).run(in: folder)
        report.add(path.figures)
        report.add(.peakMemory(of: "rushes-bench", bytes: max(creation.peakBytes, path.peakBytes)))
        try report.add(DiskProbe(folder).figure(when: "after"))
        if let rushes {
            tell("serving \(tasks) prompts with \(rushes)")
            report.add(try await ServeMemory(executable: rushes, tasks: tasks).figures(in: folder))
        }
        return report
    }

    private func tell(_ progress: String) {
        StandardError.write("rushes-bench: \(progress)")
    }
}
