import Foundation
import Synchronization

/// The built `rushes`, run as people run it.
enum RushesBinary {
    /// What a finished command left behind.
    struct Outcome: Sendable {
        let status: Int32
        let stdout: String
        let stderr: String
    }

    /// It lies beside the test bundle.
    static let url: URL = {
        let ownPath = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: ownPath).deletingLastPathComponent().appendingPathComponent("rushes")
        if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
        return URL(fileURLWithPath: ".build/debug/rushes")
    }()

    /// Runs a command to its end.
    static func run(_ arguments: [String], environment: [String: String] = [:]) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let files = (stdout: folder.path + "/stdout", stderr: folder.path + "/stderr")
        let child = try ChildProcess(
            arguments, environment: environment, stdoutPath: files.stdout, stderrPath: files.stderr)
        let status = await child.exit()
        return Outcome(
            status: status, stdout: try String(contentsOfFile: files.stdout, encoding: .utf8),
            stderr: try String(contentsOfFile: files.stderr, encoding: .utf8))
    }
}

/// A running `rushes`; killed when nobody holds it any more.
final class ChildProcess: Sendable {
    private let process: Mutex<Process>
    private let ended: AsyncStream<Int32>
    /// Its number.
    let id: Int32

    init(_ arguments: [String], environment: [String: String], stdoutPath: String, stderrPath: String) throws {
        let process = Process()
        process.executableURL = RushesBinary.url
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("RUSHES_") }
        process.environment = inherited.merging(environment) { _, new in new }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.appending(to: stdoutPath)
        process.standardError = try Self.appending(to: stderrPath)
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { ended in
            continuation.yield(
                ended.terminationReason == .uncaughtSignal ? 128 + ended.terminationStatus : ended.terminationStatus)
            continuation.finish()
        }
        try process.run()
        id = process.processIdentifier
        ended = stream
        self.process = Mutex(process)
    }

    deinit {
        process.withLock { process in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
    }

    /// Waits for its end: the exit code, or 128 + the signal's number. To be asked once.
    func exit() async -> Int32 {
        for await status in ended { return status }
        return -1
    }

    func send(_ signal: Int32) {
        kill(id, signal)
    }

    private static func appending(to path: String) throws -> FileHandle {
        if !FileManager.default.fileExists(atPath: path) {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        return handle
    }
}

/// A folder that is gone when nobody holds it any more.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/rushes-test-" + UUID().uuidString.lowercased()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)  // What stays is the system's to sweep.
    }
}
