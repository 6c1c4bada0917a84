import Foundation
import RushesProcesses

/// PostgreSQL's own programs, run without a shell and without blocking a thread of the cooperative pool.
enum ToolProcess {
    /// Runs a program of the PATH to its end and gives what it wrote to stdout; it is ended when the task is cancelled.
    ///
    /// - Parameter password: for its environment: an argument list can be read by every user of the machine.
    /// - Throws: `BackupFailure` with the end of what it wrote to stderr.
    static func run(_ program: String, _ arguments: [String], password: String?) async throws -> String {
        try await OwnFolder.with { folder in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [program] + arguments
            process.environment = environment(password)
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try file(folder + "/stdout")
            process.standardError = try file(folder + "/stderr")
            let code = try await process.exitStatus()
            guard code == 0 else {
                let words = try String(contentsOfFile: folder + "/stderr", encoding: .utf8)
                let line = words.split(separator: "\n").suffix(3).joined(separator: " ")
                throw BackupFailure(
                    code == 127
                        ? "\(program) is not installed: install PostgreSQL's client programs"
                        : "\(program) ended with \(code): \(line)")
            }
            return try String(contentsOfFile: folder + "/stdout", encoding: .utf8)
        }
    }

    /// What the programs may need to find the server and its certificates, and nothing else of ours.
    private static func environment(_ password: String?) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "TMPDIR"].contains(name) || name.hasPrefix("PG")
        }
        environment["LC_ALL"] = "C.UTF-8"
        if let password { environment["PGPASSWORD"] = password }
        return environment
    }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
