import Foundation
import Testing

extension EndToEnd {
    /// The providers' own Python packages, unchanged, against the sandbox; scripts/sdk-environments installs them.
    @Suite struct SDKTests {
        static let folder =
            ProcessInfo.processInfo.environment["RUSHES_SDK_DIR"]
            ?? (ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/rushes/sdk"

        @Test(
            "the openai package", .timeLimit(.minutes(2)),
            arguments: ["openai-2", "openai-3"])
        func openAI(environment: String) async throws {
            try await Self.check(environment, "check-openai-sdk.py") { url, _ in [url + "/v1", "sandbox"] }
        }

        @Test(
            "the google-genai package", .timeLimit(.minutes(2)),
            arguments: [("google-2", "gemini"), ("google-2", "vertex"), ("google-3", "vertex")])
        func google(environment: String, form: String) async throws {
            try await Self.check(environment, "check-google-sdk.py") { url, data in
                [form, url, form == "gemini" ? "sandbox" : data + "/service-account.json"]
            }
        }

        private static func check(
            _ environment: String, _ script: String, _ arguments: (_ url: String, _ data: String) -> [String]
        ) async throws {
            let python = folder + "/\(environment)/bin/python"
            try #require(
                FileManager.default.isExecutableFile(atPath: python),
                "\(python) is missing; run scripts/sdk-environments")
            let data = try TemporaryFolder()
            let port = try freePort()
            let sandbox = try ChildProcess(
                ["sandbox", "--listen", "127.0.0.1:\(port)", "--data-dir", data.path, "--speed", "200"],
                environment: [:], stdoutPath: data.path + "/out", stderrPath: data.path + "/log")
            let key = data.path + "/service-account.json"
            for _ in 0..<300 where !FileManager.default.fileExists(atPath: key) {
                try await Task.sleep(for: .milliseconds(50))
            }
            let url = "http://127.0.0.1:\(port)"
            let outcome = try await run(python, ["scripts/" + script] + arguments(url, data.path), in: data.path)
            sandbox.send(SIGTERM)
            _ = await sandbox.exit()
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output.contains("all calls of "), "\(outcome.output)")
        }

        /// Runs a program to its end, with its output in a file, which no pipe can block.
        static func run(
            _ program: String, _ arguments: [String], in folder: String
        ) async throws -> (status: Int32, output: String) {
            let path = folder + "/sdk.log"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let output = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = output
            process.standardError = output
            let (ends, continuation) = AsyncStream.makeStream(of: Int32.self)
            process.terminationHandler = { ended in
                continuation.yield(ended.terminationStatus)
                continuation.finish()
            }
            try process.run()
            let status = await ends.first { _ in true }
            return (status ?? -1, try String(contentsOfFile: path, encoding: .utf8))
        }
    }
}
