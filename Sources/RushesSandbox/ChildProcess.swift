import Foundation
import RushesProcesses

/// Runs a program without a shell and without blocking a thread of the cooperative pool.
enum ChildProcess {
    /// Why a program did not do its work; `output` is the end of its standard error.
    struct Failure: Error, CustomStringConvertible {
        let program: String
        let status: Int32
        let output: String

        var description: String { "\(program) ended with \(status): \(output)" }
    }

    /// Waits for the end of the program; it is ended when the task is cancelled or it takes too long.
    static func run(_ program: String, _ arguments: [String], in directory: String) async throws {
        let errorFile = directory + "/\(FFmpeg.unfinishedPrefix)\(RandomHex.digits(16)).log"
        try Data().write(to: URL(fileURLWithPath: errorFile))
        // A file that stays behind is only clutter.
        defer { try? FileManager.default.removeItem(atPath: errorFile) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory, isDirectory: true)
        // Nothing of our own environment, which may hold keys.
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorFile))
        let status = try await completion(of: process)
        guard status == 0 else {
            let output = try? String(contentsOfFile: errorFile, encoding: .utf8)
            throw Failure(program: program, status: status, output: String((output ?? "").suffix(500)))
        }
    }

    private static func completion(of process: Process) async throws -> Int32 {
        try await withThrowingTaskGroup(of: Int32.self) { group in
            group.addTask { try await process.exitStatus() }
            group.addTask {
                try await Task.sleep(for: .seconds(SandboxLimits.renderSecondsMax))
                throw Failure(program: "ffmpeg", status: -1, output: "took too long")
            }
            defer { group.cancelAll() }
            // Two tasks were added, so there is a first result.
            return try await group.next() ?? -1
        }
    }
}
