import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RushesClient
import RushesWire
import Synchronization
import Testing

/// A server, and when asked a sandbox beside it, as processes of their own over one temporary folder.
final class Stage: Sendable {
    /// What differs from test to test.
    struct Plan: Sendable {
        /// What the sandbox's latencies are divided by.
        var speed = 50.0
        /// Seconds from dispatch to `timed_out` for `sora-2`.
        var deadlineSeconds = 120
        /// Seconds between "not ready" and the end of intake; nil for the server's default.
        var shutdownDelaySeconds: Int?
        /// True when the sandbox is a process of its own, which survives the server.
        var hasOwnSandbox = false
        /// True when there are accounts in Veo's dialects at that sandbox as well: `veo` speaks Vertex, `gem` the other
        /// form, and `wrong` has a key that is refused.
        var hasVeoAccounts = false
        /// The sandbox's key.
        var apiKey = "sandbox"
        /// True when webhooks may go to receivers on this machine.
        var sendsWebhooksHere = false
        /// How much the server logs.
        var logLevel: String?
    }

    /// An organization as its customer knows it.
    struct Account: Sendable {
        let organization: String
        let key: String
    }

    private let plan: Plan
    private let folder: TemporaryFolder
    private let port: Int
    private let sandboxPort: Int
    private let server = Mutex<ChildProcess?>(nil)
    private let sandbox = Mutex<ChildProcess?>(nil)

    var baseURL: String { "http://127.0.0.1:\(port)" }
    private var dataDirectory: String { folder.path + "/data" }
    var blobDirectory: String { dataDirectory + "/blobs" }

    /// Starts everything, hands it to `body`, and ends everything; prints the server's log when `body` fails.
    static func with(_ plan: Plan, _ body: (Stage) async throws -> Void) async throws {
        let stage = try Stage(plan)
        do {
            try await stage.start()
            try await body(stage)
            try await stage.stop()
        } catch {
            stage.printLog()
            throw error
        }
    }

    private init(_ plan: Plan) throws {
        self.plan = plan
        folder = try TemporaryFolder()
        port = try freePort()
        sandboxPort = try freePort()
        try Data((plan.apiKey + "\n").utf8).write(to: URL(fileURLWithPath: folder.path + "/gem.key"))
    }

    private func start() async throws {
        if plan.hasOwnSandbox {
            let child = try launch(
                [
                    "sandbox", "--listen", "127.0.0.1:\(sandboxPort)", "--speed", "\(plan.speed)", "--api-key",
                    plan.apiKey,
                ], log: "sandbox", dataDirectory: folder.path + "/sandbox")
            sandbox.withLock { $0 = child }
            for _ in 0..<300 where !FileManager.default.fileExists(atPath: serviceAccountPath) {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        try await startServer()
        try await applyPlan()
    }

    /// Starts the server and waits until it takes work.
    func startServer() async throws {
        let child = try launch(
            ["serve", "--listen", "127.0.0.1:\(port)", "--sandbox-speed", "\(plan.speed)"]
                + (plan.logLevel.map { ["--log-level", $0] } ?? [])
                + (plan.sendsWebhooksHere ? ["--webhooks-allow-private"] : [])
                + (plan.shutdownDelaySeconds.map { ["--shutdown-delay", "\($0)"] } ?? []), log: "server",
            dataDirectory: dataDirectory)
        server.withLock { $0 = child }
        _ = try await withClient(key: nil, attempts: 400) { try await $0.readiness() }
    }

    /// Ends the server as a power cut would.
    func killServer() async {
        await end(server, with: SIGKILL)
    }

    /// Asks the server to stop, and waits for its exit code; 128 + the signal's number when a signal ended it.
    func stopServer() async -> Int32 {
        guard let child = server.withLock({ $0 }) else { return -1 }
        child.send(SIGTERM)
        let status = await child.exit()
        server.withLock { $0 = nil }
        return status
    }

    func signalServer(_ signal: Int32) {
        server.withLock { $0?.send(signal) }
    }

    private func stop() async throws {
        await end(server, with: SIGTERM)
        await end(sandbox, with: SIGTERM)
    }

    private func end(_ place: borrowing Mutex<ChildProcess?>, with signal: Int32) async {
        let child = place.withLock { child in
            defer { child = nil }
            return child
        }
        guard let child else { return }
        child.send(signal)
        _ = await child.exit()
    }

    private func launch(_ arguments: [String], log: String, dataDirectory: String) throws -> ChildProcess {
        try ChildProcess(
            arguments + ["--data-dir", dataDirectory], environment: providerEnvironment,
            stdoutPath: folder.path + "/\(log).out", stderrPath: folder.path + "/\(log).log")
    }

    private var providerEnvironment: [String: String] {
        guard plan.hasOwnSandbox else { return [:] }
        let url = "http://127.0.0.1:\(sandboxPort)"
        let variables = [
            "RUSHES_OPENAI_BASE_URL": url + "/v1", "RUSHES_OPENAI_API_KEY": plan.apiKey,
            "RUSHES_OPENAI_SANDBOX": "true",
        ]
        guard plan.hasVeoAccounts else { return variables }
        let veo = [
            "RUSHES_VEO_DIALECT": "vertex", "RUSHES_VEO_BASE_URL": url, "RUSHES_VEO_SANDBOX": "true",
            "RUSHES_VEO_CREDENTIALS_FILE": serviceAccountPath, "RUSHES_VEO_STORAGE": "gs://videos/rushes",
            "RUSHES_VEO_STORAGE_URL": url, "RUSHES_ACCOUNTS": "gem,wrong", "RUSHES_GEM_DIALECT": "gemini",
            "RUSHES_GEM_BASE_URL": url, "RUSHES_GEM_API_KEY_FILE": folder.path + "/gem.key",
            "RUSHES_GEM_SANDBOX": "true", "RUSHES_WRONG_BASE_URL": url + "/v1", "RUSHES_WRONG_API_KEY": "canary-wrong",
        ]
        return variables.merging(veo) { _, new in new }
    }

    private var serviceAccountPath: String { folder.path + "/sandbox/service-account.json" }

    /// A line out of the middle of the service account's private key.
    func serviceAccountKey() throws -> String {
        struct Key: Decodable {
            let privateKey: String

            private enum CodingKeys: String, CodingKey {
                case privateKey = "private_key"
            }
        }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: serviceAccountPath))
        let lines = try JSONDecoder().decode(Key.self, from: bytes).privateKey.split(separator: "\n")
        return String(try #require(lines.dropFirst(3).first))
    }

    /// Everything that the server wrote: its data directory and its logs.
    func filesOfTheServer() throws -> [(path: String, bytes: Data)] {
        let logs = ["server.out", "server.log"].map { folder.path + "/" + $0 }
        let all = try FileManager.default.subpathsOfDirectory(atPath: dataDirectory).map { dataDirectory + "/" + $0 }
        let files = (logs + all).filter { path in
            (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType == .typeRegular
        }
        #expect(files.count >= 4)
        return try files.map { ($0, try Data(contentsOf: URL(fileURLWithPath: $0))) }
    }

    private func printLog() {
        let log = (try? String(contentsOfFile: folder.path + "/server.log", encoding: .utf8)) ?? "no log"
        print("the server's last lines:\n" + log.split(separator: "\n").suffix(20).joined(separator: "\n"))
    }
}

extension Stage {
    /// Runs an operator's command and decodes what it wrote.
    func admin<Body: Decodable>(_ arguments: [String], as type: Body.Type = Body.self) async throws -> Body {
        let outcome = try await RushesBinary.run(arguments + ["--json", "--data-dir", dataDirectory])
        try #require(outcome.status == 0, "rushes \(arguments): \(outcome.stderr)")
        return try WireJSON.decode(Body.self, from: Array(outcome.stdout.utf8))
    }

    /// Runs an operator's command.
    func run(_ arguments: [String]) async throws -> RushesBinary.Outcome {
        try await RushesBinary.run(arguments + ["--data-dir", dataDirectory])
    }

    /// A new organization with exactly these credits.
    func account(micros: Int64? = nil, package: String? = nil) async throws -> Account {
        let created: OrganizationCreated = try await admin(["admin", "org", "create", "Test"])
        let account = Account(organization: created.organizationID, key: created.apiKey)
        if let micros { try await topUp(account, micros: micros) }
        if let package {
            let _: PurchaseBody = try await admin([
                "admin", "purchase", account.organization, "--package", package, "--reference", UUID().uuidString,
            ])
        }
        return account
    }

    func topUp(_ account: Account, micros: Int64) async throws {
        let _: PurchaseBody = try await admin([
            "admin", "purchase", account.organization, "--topup-micros", "\(micros)", "--reference", UUID().uuidString,
        ])
    }

    /// Connects as a customer; a call that may be repeated is tried again every 100 ms.
    func withClient<Result>(
        key: String?, attempts: Int = 100, _ body: (RushesClient) async throws -> Result
    ) async throws -> Result {
        let retry = RetryPolicy(attemptsMax: attempts) { _ in try await Task.sleep(for: .milliseconds(100)) }
        return try await RushesClient.withConnection(baseURL: baseURL, apiKey: key, retry: retry, body)
    }

    /// Runs a customer's command.
    func customer(_ account: Account, _ arguments: [String]) async throws -> RushesBinary.Outcome {
        try await RushesBinary.run(
            arguments, environment: ["RUSHES_BASE_URL": baseURL, "RUSHES_API_KEY": account.key])
    }

    /// Waits for a batch's end, which must come within `seconds`.
    func ended(_ batch: String, _ account: Account, within seconds: Int) async throws -> BatchBody {
        try await withClient(key: account.key) { client in
            for _ in 0..<(seconds * 5) {
                let state = try await client.batch(batch)
                if state.finishedAt != nil { return state }
                try await Task.sleep(for: .milliseconds(200))
            }
            return try #require(nil as BatchBody?, "\(batch) has not ended after \(seconds) s")
        }
    }

    /// The status of a GET on a connection of its own.
    func status(of path: String) async throws -> Int {
        var request = HTTPClientRequest(url: baseURL + path)
        request.headers.add(name: "connection", value: "close")
        return Int(try await HTTPClient.shared.execute(request, timeout: .seconds(10)).status.code)
    }

    /// The text of a GET that needs no key.
    func text(of path: String) async throws -> String {
        let answer = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: baseURL + path), timeout: .seconds(10))
        return String(buffer: try await answer.body.collect(upTo: 1 << 24))
    }

    /// Every invariant of money and state must hold.
    func expectSound() async throws {
        let check: CheckBody = try await admin(["check"])
        #expect(check.ok && check.violations.isEmpty && check.checked.count > 10, "\(check.violations)")
    }

    /// Points a model at another account, as an operator would.
    func route(
        _ model: String, to account: String, parameters: [String: RouteParameterBody]? = nil
    ) async throws {
        var catalogue: CatalogueBody = try await admin(["admin", "catalog", "show"])
        for index in catalogue.models.indices where catalogue.models[index].id == model {
            catalogue.models[index].route.provider = account
            catalogue.models[index].route.parameters = parameters
        }
        let file = folder.path + "/catalog-\(account).json"
        try Data(WireJSON.encode(catalogue)).write(to: URL(fileURLWithPath: file))
        let _: CatalogueBody = try await admin(["admin", "catalog", "apply", file])
    }

    private func applyPlan() async throws {
        var catalogue: CatalogueBody = try await admin(["admin", "catalog", "show"])
        for index in catalogue.models.indices {
            if catalogue.models[index].id == "sora-2" {
                catalogue.models[index].deadlineSeconds = plan.deadlineSeconds
                catalogue.models[index].slaSeconds = min(120, plan.deadlineSeconds)
            }
            catalogue.models[index].route.maxInFlight = 200
            catalogue.models[index].route.createsPerMinute = 12_000
        }
        let file = folder.path + "/catalog.json"
        try Data(WireJSON.encode(catalogue)).write(to: URL(fileURLWithPath: file))
        let applied: CatalogueBody = try await admin(["admin", "catalog", "apply", file])
        #expect(applied.models == catalogue.models)
    }

    /// How often the sandbox accepted each task.
    func submissionsPerTask() async throws -> [String: Int] { try await counters().submissionsPerTask }

    /// How many creates the sandbox accepted in each dialect.
    func acceptedByDialect() async throws -> [String: Int] { try await counters().acceptedByDialect }

    /// How many creates that the sandbox accepted brought a parameter, by `name=value`.
    func acceptedByParameter() async throws -> [String: Int] { try await counters().acceptedByParameter }

    private func counters() async throws -> SandboxCounters {
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(sandboxPort)/_sandbox/counters")
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let bytes = try await answer.body.collect(upTo: 1 << 24)
        return try WireJSON.decode(SandboxCounters.self, from: [UInt8](bytes.readableBytesView))
    }
}

private struct SandboxCounters: Decodable {
    let submissionsPerTask: [String: Int]
    let acceptedByDialect: [String: Int]
    let acceptedByParameter: [String: Int]

    private enum CodingKeys: String, CodingKey {
        case submissionsPerTask = "submissions_per_task"
        case acceptedByDialect = "creates_accepted_by_dialect"
        case acceptedByParameter = "creates_accepted_by_parameter"
    }
}
