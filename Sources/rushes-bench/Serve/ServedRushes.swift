import Foundation

/// A `rushes serve` of this run: its own data directory, a free port of loopback.
final class ServedRushes {
    let address: String
    private let executable: String
    private let data: String
    private let process: Process
    private static let startSeconds = 60

    private init(_ executable: String, data: String, port: Int, log: FileHandle) throws {
        self.executable = executable
        self.data = data
        address = "http://127.0.0.1:\(port)"
        process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = ["serve", "--listen", "127.0.0.1:\(port)", "--data-dir", data, "--sandbox-speed", "20"]
        process.standardOutput = log
        process.standardError = log
        try process.run()
    }

    /// Starts one and waits until it is ready.
    static func start(_ executable: String, in folder: BenchFolder) async throws -> ServedRushes {
        let log = folder.path(of: "serve.log")
        guard FileManager.default.createFile(atPath: log, contents: nil), let handle = FileHandle(forWritingAtPath: log)
        else { throw ServeError(message: "cannot write \(log)") }
        let server = try ServedRushes(
            executable, data: folder.path(of: "serve"), port: try FreePort.number, log: handle)
        for _ in 0..<(startSeconds * 5) {
            if (try? Command.output("curl", ["--silent", "--fail", server.address + "/readyz"])) != nil {
                return server
            }
            guard server.isRunning else { break }
            try await Task.sleep(for: .milliseconds(200))
        }
        server.stop()
        let lines = try String(contentsOfFile: log, encoding: .utf8)
        throw ServeError(message: "rushes serve is not ready:\n\(lines)")
    }

    var isRunning: Bool { process.isRunning }
    var processIdentifier: Int32 { process.processIdentifier }

    /// A new organization's key, with credits.
    func customer(toppedUpBy micros: Int64) throws -> String {
        let made = try admin("org", "create", "Studio")
        guard let organization = made["organization_id"], let key = made["api_key"] else {
            throw ServeError(message: "rushes admin org create named no key")
        }
        _ = try admin("purchase", organization, "--topup-micros", "\(micros)", "--reference", "bench")
        return key
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    private func admin(_ arguments: String...) throws -> [String: String] {
        let output = try Command.output(executable, ["admin"] + arguments + ["--data-dir", data, "--json"])
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return (object ?? [:]).compactMapValues { $0 as? String }
    }
}
