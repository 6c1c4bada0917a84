import ArgumentParser
import Foundation
import RushesPostgres

/// One more node: the workers alone, in a process of their own, as other machines would run them.
struct NodeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Runs workers until stdin ends, for the benchmark itself.", shouldDisplay: false)
    /// The address holds a password, so it is not an argument that everybody on the machine can read.
    static let variable = "RUSHES_BENCH_DATABASE_URL"
    static let readyLine = "ready"

    func run() async throws {
        guard let url = ProcessInfo.processInfo.environment[Self.variable] else {
            throw ValidationError("\(Self.variable) is not set")
        }
        let database = try await BenchDatabase.open(url)
        let engine = BenchWorld.engine(on: database)
        try await WorkerRun.run(engine) {
            Self.tell(Self.readyLine)
            await Self.endOfInput()
        }
        Self.tell("\(database.statistics.commits)")
        await database.close()
    }

    /// Writes a line at once, where `print` would wait for more of them.
    private static func tell(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func endOfInput() async {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                _ = FileHandle.standardInput.readDataToEndOfFile()
                continuation.resume()
            }
        }
    }
}

/// Another node, while it runs.
final class NodeProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// Starts one; `waitUntilReady` tells when it works.
    init(on url: String) throws {
        process.executableURL = try Self.executable
        process.arguments = ["node"]
        process.environment = ProcessInfo.processInfo.environment.merging([NodeCommand.variable: url]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    func waitUntilReady() throws {
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard line == NodeCommand.readyLine + "\n" else { throw BenchError("a node did not start: \(line)") }
    }

    /// Ends it; answers its commits.
    func stop() throws -> Int {
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0, let commits = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw BenchError("a node ended with \(process.terminationStatus): \(text)") }
        return commits
    }

    private static var executable: URL {
        get throws {
            URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        }
    }
}
