import ArgumentParser
import Foundation

/// How far the product is from what this machine and these databases can do, measured in one run.
@main struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rushes-bench",
        abstract: "Measures the product against plain SQL on the same databases in the same run.",
        discussion: """
            docs/performance.md tells what is measured and how. Build it for release and give it a PostgreSQL of its own: \
            make bench.
            """,
        subcommands: [NodeCommand.self])

    /// Where PostgreSQL is; `scripts/with-postgres` sets it.
    static let serverVariable = "RUSHES_TEST_POSTGRES"

    @Option(help: "The databases: sqlite, postgres or all. PostgreSQL is the one of \(Bench.serverVariable).")
    var database = DatabaseChoice.all

    @Option(help: "One measure only: \(Measure.allCases.map(\.rawValue).joined(separator: ", ")). May be repeated.")
    var only: [Measure] = []

    @Option(help: "Tasks of a large batch.")
    var tasks = 10_000

    @Option(help: "Large batches created in each series; the median counts.")
    var creations = 5

    @Option(help: "Large batches run to their end by one node; the median counts.")
    var runs = 3

    @Option(help: "Seconds for each rate of freezes and reads.")
    var seconds = 4

    @Option(help: "Waiting tasks of the largest backlog.")
    var backlog = 1_000_000

    @Option(help: "New tasks whose pick-up is timed.")
    var pickups = 40

    @Option(help: "A built rushes: measures the memory of `rushes serve` too.", completion: .file())
    var rushes: String?

    @Option(
        help: "Where the files are, in a folder of their own that is removed afterwards.", completion: .directory)
    var folder = "."

    @Flag(help: "Write JSON to stdout instead of a table.")
    var json = false

    func validate() throws {
        guard (100...10_000).contains(tasks), tasks < 1_000 ? tasks % 100 == 0 : tasks % 1_000 == 0 else {
            throw ValidationError("--tasks is a multiple of 100 up to 1000, or of 1000 up to 10000")
        }
        guard (1...100).contains(creations), (1...100).contains(runs), (1...60).contains(seconds) else {
            throw ValidationError("--creations and --runs are between 1 and 100, --seconds between 1 and 60")
        }
        guard (10_000...10_000_000).contains(backlog), backlog % 10_000 == 0, (1...1_000).contains(pickups) else {
            throw ValidationError(
                "--backlog is a multiple of 10000 up to 10000000, --pickups between 1 and 1000")
        }
        guard server != nil || database != .postgres else {
            throw ValidationError("--database postgres needs \(Self.serverVariable): see scripts/with-postgres")
        }
    }

    func run() async throws {
        // A table or JSON comes out whole, or not at all.
        let folder = try BenchFolder(beside: folder)
        defer { folder.remove() }
        let report = try await measure(in: folder)
        print(json ? try report.json : report.table)
    }

    private var server: String? { ProcessInfo.processInfo.environment[Self.serverVariable] }

    private func measure(in folder: BenchFolder) async throws -> Report {
        var report = Report(tasks: tasks, load: [Load.now])
        let sizes = BenchSizes(
            tasks: tasks, creations: creations, runs: runs, seconds: seconds, backlog: backlog, pickups: pickups)
        for kind in database.kinds {
            if kind == .postgres && server == nil {
                tell("PostgreSQL is left out: \(Self.serverVariable) is not set")
                continue
            }
            let databases = BenchDatabases(kind: kind, folder: folder, server: server)
            for measure in only.isEmpty ? Measure.allCases : only {
                tell("\(kind.rawValue): \(measure.title)")
                let figures = try await measure.figures(databases, sizes)
                report.add(Section(database: kind, measure: measure, figures: figures))
            }
        }
        if let rushes {
            tell("serving \(tasks) prompts with \(rushes)")
            let figures = try await ServeMemory(executable: rushes, tasks: tasks).figures(in: folder)
            report.add(Section(title: "memory of rushes serve", figures: figures))
        }
        report.load.append(Load.now)
        return report
    }

    private func tell(_ progress: String) {
        StandardError.write("rushes-bench: \(progress)")
    }
}

/// What else the machine has to do.
enum Load {
    /// The load of the last minute, as Linux counts it.
    static var now: String {
        // Only shown, so a system that does not tell is no error.
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? "?"
        return String(text.prefix { $0 != " " })
    }
}
