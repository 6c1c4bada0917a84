import Foundation
import RushesCore
import RushesEngine
import RushesProcesses

/// Runs programs on files that we do not trust: a few at a time, within a time, without our environment, and with no
/// more of what they write than we want.
struct ProgramRunner: Sendable {
    /// What of a run is wanted.
    enum Output: Sendable {
        /// What it wrote to its standard output, at most `Limits.mediaOutputBytesMax`.
        case written
        /// A file that it makes.
        case file(bytesMax: Int64)
    }

    struct Result: Sendable {
        let status: Int32
        let output: [UInt8]
    }

    private let folder: String
    private let environment: RushesEngine.Environment
    /// More at the same time would only make each of them slower.
    private let slots = ProgramSlots(count: max(2, ProcessInfo.processInfo.activeProcessorCount))

    init(folder: String, environment: RushesEngine.Environment) {
        self.folder = folder
        self.environment = environment
    }

    /// Runs a program to its end.
    ///
    /// - Parameter arguments: made from the path of the file that the program may write.
    /// - Throws: `MediaError` when it cannot be started, has not ended in its time, or wrote too much.
    func run(
        _ program: String, withinMilliseconds milliseconds: Int64, output: Output,
        arguments: (_ output: String) -> [String]
    ) async throws -> Result {
        let file = folder + "/" + String(environment.random.next(), radix: 36)
        // A file that stays behind is only clutter.
        defer { try? FileManager.default.removeItem(atPath: file) }
        let arguments = arguments(file)
        return try await slots.withSlot {
            let status = try await status(of: program, arguments, writing: output, to: file, milliseconds)
            return Result(status: status, output: status == 0 ? try content(of: file, output) : [])
        }
    }

    private func status(
        of program: String, _ arguments: [String], writing output: Output, to file: String, _ milliseconds: Int64
    ) async throws -> Int32 {
        let sleep = environment.sleep
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: program)
                process.arguments = arguments
                // Nothing of our own environment, which may hold keys.
                process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
                process.standardInput = FileHandle.nullDevice
                process.standardError = FileHandle.nullDevice
                switch output {
                case .written: process.standardOutput = try Self.empty(file)
                case .file: process.standardOutput = FileHandle.nullDevice
                }
                return try await process.exitStatus(isKilled: true)
            }
            group.addTask {
                try await sleep(milliseconds)
                return nil
            }
            // The program is ended when its task is cancelled, and the group waits for that.
            defer { group.cancelAll() }
            guard let status = try await group.next() ?? nil else {
                throw MediaError("\(program) did not end within \(milliseconds) ms")
            }
            return status
        }
    }

    private func content(of file: String, _ output: Output) throws -> [UInt8] {
        let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        // It was only read from.
        defer { try? handle.close() }
        switch output {
        case .written:
            return [UInt8](try handle.read(upToCount: Limits.mediaOutputBytesMax) ?? Data())
        case .file(let bytesMax):
            let content = [UInt8](try handle.read(upToCount: Int(bytesMax) + 1) ?? Data())
            guard content.count <= bytesMax else { throw MediaError("the image has more than \(bytesMax) bytes") }
            return content
        }
    }

    private static func empty(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        else { throw MediaError("\(path) cannot be made") }
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}

/// Lets a few programs run at the same time; the others wait in their order, each as long as those before it may take.
actor ProgramSlots {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    func withSlot<Value: Sendable>(_ work: () async throws -> Value) async rethrows -> Value {
        await take()
        defer { giveBack() }
        return try await work()
    }

    private func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func giveBack() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
