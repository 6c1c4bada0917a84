import ArgumentParser
import Foundation
import RushesSimulation

/// Plays simulated worlds, or looks whether planted bugs are caught.
@main struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rushes-simulate",
        abstract: "Plays whole installations in memory, with faults that a seed decides, and checks every invariant.")

    @Option(help: "The worlds to play, as FIRST..LAST or one number.")
    var seeds: SeedRange = SeedRange(first: 1, last: 200)

    @Option(help: "Steps of the scheduler in each world.")
    var steps = 500

    @Option(help: "A bug to plant, or `all` to look for the first seed that catches each.")
    var bug: String?

    @Flag(help: "Print every event.")
    var trace = false

    @Flag(help: "Print each seed before it is played, to find one that traps.")
    var verbose = false

    mutating func validate() throws {
        guard steps > 0 else { throw ValidationError("steps is above zero") }
        if let bug, bug != "all", PlantedBug(rawValue: bug) == nil {
            let names = PlantedBug.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("no such bug; there are all, \(names)")
        }
    }

    func run() async throws {
        switch bug {
        case nil: try await play()
        case "all": for bug in PlantedBug.allCases { try await hunt(bug) }
        case let name?: if let bug = PlantedBug(rawValue: name) { try await hunt(bug) }
        }
    }

    private func play() async throws {
        var sum = SimulationReport()
        var played = 0
        for seed in seeds.first...seeds.last {
            if verbose { tell("seed \(seed)") }
            do {
                sum = sum + (try await Simulation.run(seed: seed, steps: steps, showsTrace: trace))
            } catch let failure as SimulationFailure {
                tell("VIOLATION \(failure)")
                throw ExitCode.failure
            }
            played += 1
            if played.isMultiple(of: 50) { tell("\(played) worlds, \(sum.steps) steps") }
        }
        tell(sum.table(worlds: played))
    }

    private func hunt(_ bug: PlantedBug) async throws {
        for seed in seeds.first...seeds.last {
            do {
                _ = try await Simulation.run(seed: seed, steps: steps, bug: bug, showsTrace: trace)
            } catch let failure as SimulationFailure {
                tell("\(bug.rawValue): caught by seed \(seed) at step \(failure.step): \(failure.violations[0])")
                return
            }
        }
        tell("\(bug.rawValue): NOT CAUGHT by seeds \(seeds.first)..\(seeds.last)")
        throw ExitCode.failure
    }
}

/// Writes a line at once, also into a file.
private func tell(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// A range of seeds on the command line.
struct SeedRange: ExpressibleByArgument {
    let first: UInt64
    let last: UInt64

    init(first: UInt64, last: UInt64) {
        self.first = first
        self.last = last
    }

    init?(argument: String) {
        let ends = argument.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last else {
            return nil
        }
        self.init(first: first, last: last)
    }

    var defaultValueDescription: String { "\(first)..\(last)" }
}

extension SimulationReport {
    fileprivate func table(worlds: Int) -> String {
        let rows: [(String, String)] = [
            ("worlds", "\(worlds)"), ("steps", "\(steps)"),
            ("of these, worker steps that moved something", "\(productiveSteps)"),
            ("checks of everything", "\(fullChecks)"), ("virtual hours", "\(virtualMilliseconds / 3_600_000)"),
            ("batches", "\(batches)"), ("tasks succeeded", "\(succeeded)"), ("tasks failed", "\(failed)"),
            ("ledger transactions", "\(postings)"), ("creates at the provider", "\(creates)"),
            ("creates with a lost answer", "\(lostAnswers)"), ("processes that died", "\(crashes)"),
            ("stops in the middle", "\(pauses)"), ("broken transactions", "\(brokenTransactions)"), ("violations", "0"),
        ]
        return rows.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
    }
}
