import Foundation
import RushesEngine
import Testing

/// A receiver of docs/samples/webhooks, run with the tool that people run it with.
enum SampleReceiver: Sendable {
    case python, typeScript, go

    /// True when its tools are here. Python always is: scripts/sdk-environments makes its environment.
    var isRunnable: Bool { tools.allSatisfy(Self.isInstalled) }

    private var tools: [String] {
        switch self {
        case .python: []
        case .typeScript: ["node", "tsc"]
        case .go: ["go"]
        }
    }

    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/samples/webhooks").path

    /// The Python of the environment that has the published package.
    static var pythonPath: String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        return (environment["RUSHES_SDK_DIR"] ?? cache + "/rushes/sdk") + "/webhooks-1/bin/python"
    }

    static func isInstalled(_ tool: String) -> Bool {
        (try? Shell.output("command -v \(tool)")) != nil
    }

    /// Runs `work` with the receiver's URL.
    func run<Result>(secret: String, _ work: (_ url: String) async throws -> Result) async throws -> Result {
        let build = try TemporaryFolder()
        defer { withExtendedLifetime(build) {} }
        let (program, arguments) = try prepare(in: build.path)
        let port = try await SilentSocket.with(isListening: false) { $0 }
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["WEBHOOK_SECRET": secret, "PORT": String(port)]) { _, new in new }
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        defer { process.terminate() }
        // It says that it listens; before, nobody is there.
        let greeting = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        try #require(greeting.contains("listening on port \(port)"), "\(greeting)")
        return try await work("http://127.0.0.1:\(port)/hooks")
    }

    /// Builds what has to be built.
    private func prepare(in build: String) throws -> (program: String, arguments: [String]) {
        switch self {
        case .python:
            try #require(
                FileManager.default.isExecutableFile(atPath: Self.pythonPath),
                "\(Self.pythonPath) is missing; run scripts/sdk-environments")
            return (Self.pythonPath, [Self.folder + "/receiver.py"])
        case .typeScript:
            // Without the types of Node, tsc complains and writes the file all the same.
            _ = try Shell.output(
                "tsc --module commonjs --target es2022 --outDir \(build) receiver.ts || test -f \(build)/receiver.js",
                in: Self.folder)
            return ("/usr/bin/env", ["node", build + "/receiver.js"])
        case .go:
            _ = try Shell.output("GOCACHE=\(build)/cache go build -o \(build)/receiver receiver.go", in: Self.folder)
            return (build + "/receiver", [])
        }
    }
}
