import Foundation
import RushesClient
import RushesWire
import Testing

extension EndToEnd {
    /// `rushes listen` and `rushes trigger`, against the receiver of the documentation with the published package.
    @Suite struct ListenTests {
        private static let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

        @Test("listen forwards what happens, keeps its place, and ends with Ctrl-C", .timeLimit(.minutes(2)))
        func listens() async throws {
            let folder = try TemporaryFolder()
            let receiver = try await PythonReceiver(folder, secret: Self.secret)
            let rows = (0..<10).map { "clip-\($0),Paper boat no. \($0)" }
            let sheet = try folder.write("boats.csv", (["custom_id,prompt"] + rows).joined(separator: "\n"))
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                func submit(_ name: String) async throws {
                    let outcome = try await stage.customer(
                        account, ["submit", sheet, "--model", "sora-2", "--request-id", name, "--wait"])
                    #expect(outcome.status == 0, "\(outcome.stderr)")
                }
                func listen(_ run: String, _ arguments: [String] = []) throws -> ChildProcess {
                    try ChildProcess(
                        ["listen", "--forward-to", receiver.url, "--events", "batch.*", "--place-file"]
                            + [folder.path + "/place"] + arguments,
                        environment: [
                            "RUSHES_BASE_URL": stage.baseURL, "RUSHES_API_KEY": account.key,
                            "RUSHES_WEBHOOK_SECRET": Self.secret,
                        ], stdoutPath: folder.path + "/\(run).out", stderrPath: folder.path + "/\(run).err")
                }
                func stop(_ child: ChildProcess) async throws {
                    child.send(SIGINT)
                    #expect(await child.exit() == 130)
                }

                let first = try listen("first")
                try await Self.wait(for: "listening after place ", in: folder.path + "/first.err")
                try await submit("one")
                try await Self.wait(for: "batch.completed ", in: folder.path + "/first.out")
                try await stop(first)
                let lines = try String(contentsOfFile: folder.path + "/first.out", encoding: .utf8)
                    .split(separator: "\n")
                #expect(lines.allSatisfy { $0.contains(" -> 204 in ") && $0.contains(" batch.") }, "\(lines)")
                #expect(try receiver.types() == ["batch.queued", "batch.processing", "batch.completed"])

                // Nobody listens meanwhile; the next one goes on from the place that was kept.
                try await submit("two")
                let second = try listen("second", ["--json"])
                try await Self.wait(for: "batch.completed", in: folder.path + "/second.out")
                try await stop(second)
                let types = ["batch.queued", "batch.processing", "batch.completed"]
                #expect(try receiver.types() == types + types)
                let all = try await stage.withClient(key: account.key) { try await $0.events(after: 0).data }
                let ids = all.filter { $0.type.hasPrefix("batch.") }.map(\.id)
                #expect(try receiver.identifiers() == ids)
            }
        }

        @Test("trigger sends every sample, and says when one is refused", .timeLimit(.minutes(1)))
        func triggers() async throws {
            let folder = try TemporaryFolder()
            let receiver = try await PythonReceiver(folder, secret: Self.secret)
            for type in ["batch.completed", "tasks.settled", "wallet.low_balance", "webhook.ping"] {
                let outcome = try await RushesBinary.run(
                    ["trigger", type, "--forward-to", receiver.url, "--secret", Self.secret])
                #expect(outcome.status == 0 && outcome.stdout.contains("-> 204 in "), "\(outcome.stderr)")
                #expect(try receiver.types().last == type)
                let printed = try await RushesBinary.run(["trigger", type])
                let body = try WireJSON.decode(WebhookBody.self, from: Array(printed.stdout.utf8))
                #expect(body.type == type && !body.livemode && body.sequence == nil)
            }
            let refused = try await RushesBinary.run(["trigger", "batch.completed", "--forward-to", receiver.url])
            #expect(refused.status == 1 && refused.stdout.contains("-> 400 http_4xx in "))
            #expect(refused.stderr.contains("signing with whsec_"))
            let unknown = try await RushesBinary.run(["trigger", "task.leaked"])
            #expect(unknown.status == 64)
            let silent = try await RushesBinary.run(
                ["trigger", "webhook.ping", "--forward-to", "http://127.0.0.1:\(try freePort())", "--json"])
            #expect(silent.status == 1 && silent.stdout.contains("\"failure\":\"connect_refused\""))
            let nonsense = try await RushesBinary.run(["trigger", "webhook.ping", "--forward-to", "localhost:3000"])
            #expect(nonsense.status == 6 && nonsense.stderr.contains("must begin with https://"))
        }

        private static func wait(for text: String, in path: String) async throws {
            for _ in 0..<600 {
                if let content = try? String(contentsOfFile: path, encoding: .utf8), content.contains(text) { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            throw Missing(text: text, path: path)
        }

        struct Missing: Error {
            let text: String
            let path: String
        }
    }
}

/// docs/samples/webhooks/receiver.py, which prints type and identifier of each event that is authentic and new.
private final class PythonReceiver: Sendable {
    let url: String
    private let path: String
    private let identifier: Int32

    init(_ folder: TemporaryFolder, secret: String) async throws {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache"
        let python = (environment["RUSHES_SDK_DIR"] ?? cache + "/rushes/sdk") + "/webhooks-1/bin/python"
        try #require(
            FileManager.default.isExecutableFile(atPath: python), "\(python) is missing; run scripts/sdk-environments")
        let port = try freePort()
        url = "http://localhost:\(port)/hooks"
        path = folder.path + "/received"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["docs/samples/webhooks/receiver.py"]
        process.environment = environment.merging(["WEBHOOK_SECRET": secret, "PORT": "\(port)"]) { _, new in new }
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        identifier = process.processIdentifier
        // It says so when it listens.
        let greeting = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        try #require(greeting.contains("listening on port"), "\(greeting)")
    }

    deinit { kill(identifier, SIGKILL) }

    func types() throws -> [String] { try column(0) }
    func identifiers() throws -> [String] { try column(1) }

    private func column(_ index: Int) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            String(line.split(separator: " ")[index])
        }
    }
}
