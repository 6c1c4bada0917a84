import Foundation
import RushesClient
import RushesWire
import Synchronization
import Testing

/// Several nodes on one PostgreSQL database of their own, and a sandbox, as processes.
final class Cluster: Sendable {
    /// The server on which tests may create databases; nil when there is none.
    static let serverURL = ProcessInfo.processInfo.environment["RUSHES_TEST_POSTGRES"]

    /// A process of the cluster.
    struct Node: Sendable {
        let process: ChildProcess
        let port: Int
    }

    /// The database's address.
    let databaseURL: String
    let folder: TemporaryFolder
    private let databaseName: String
    private let sandboxPort: Int
    private let sandbox = Mutex<ChildProcess?>(nil)

    /// Makes the database, starts the sandbox, hands both to `body` and removes them; prints the nodes' logs when
    /// `body` fails. `options` belong to `CREATE DATABASE`.
    static func with(options: String = "", _ body: (Cluster) async throws -> Void) async throws {
        let cluster = try Cluster(try #require(serverURL))
        try cluster.psql(cluster.server, "CREATE DATABASE \(cluster.databaseName) \(options)")
        do {
            let child = try cluster.launch(
                "sandbox",
                [
                    "sandbox", "--listen", "127.0.0.1:\(cluster.sandboxPort)", "--speed", "50", "--data-dir",
                    cluster.folder.path + "/sandbox",
                ])
            cluster.sandbox.withLock { $0 = child }
            try await body(cluster)
            cluster.end()
        } catch {
            cluster.printLogs()
            cluster.end()
            throw error
        }
    }

    private let server: String

    private init(_ server: String) throws {
        self.server = server
        folder = try TemporaryFolder()
        sandboxPort = try freePort()
        databaseName = "rushes_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        databaseURL = try Self.address(server, database: databaseName)
    }

    private static func address(_ server: String, database: String) throws -> String {
        var parts = try #require(URLComponents(string: server))
        parts.path = "/" + database
        return try #require(parts.string)
    }

    /// The database's address for another role.
    func address(user: String, password: String) throws -> String {
        var parts = try #require(URLComponents(string: databaseURL))
        (parts.user, parts.password) = (user, password)
        return try #require(parts.string)
    }

    /// Starts a node and waits until it is ready.
    func start(_ name: String, role: String, _ arguments: [String] = []) async throws -> Node {
        let port = try freePort()
        let child = try launch(
            name,
            [
                "serve", "--role", role, "--listen", "127.0.0.1:\(port)", "--data-dir", folder.path + "/" + name,
                "--blob-dir", folder.path + "/blobs", "--shutdown-delay", "0",
            ] + arguments)
        let node = Node(process: child, port: port)
        _ = try await withClient(of: node, key: nil) { try await $0.readiness() }
        return node
    }

    private func launch(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        let provider = [
            "RUSHES_OPENAI_BASE_URL": "http://127.0.0.1:\(sandboxPort)/v1", "RUSHES_OPENAI_API_KEY": "sandbox",
        ]
        return try ChildProcess(
            arguments, environment: provider.merging(["RUSHES_DATABASE_URL": databaseURL]) { $1 },
            stdoutPath: folder.path + "/\(name).out", stderrPath: folder.path + "/\(name).log")
    }

    /// Runs an operator's command on the database.
    func command(_ arguments: [String]) async throws -> RushesBinary.Outcome {
        try await RushesBinary.run(
            arguments,
            environment: ["RUSHES_DATABASE_URL": databaseURL, "RUSHES_BLOB_DIR": folder.path + "/blobs"])
    }

    /// Runs an operator's command and decodes what it wrote.
    func admin<Body: Decodable>(_ arguments: [String], as type: Body.Type = Body.self) async throws -> Body {
        let outcome = try await command(arguments + ["--json"])
        try #require(outcome.status == 0, "rushes \(arguments): \(outcome.stderr)")
        return try WireJSON.decode(Body.self, from: Array(outcome.stdout.utf8))
    }

    /// Connects to a node; a call that may be repeated is tried again every 100 ms.
    func withClient<Result>(
        of node: Node, key: String?, _ body: (RushesClient) async throws -> Result
    ) async throws -> Result {
        let retry = RetryPolicy(attemptsMax: 300) { _ in try await Task.sleep(for: .milliseconds(100)) }
        return try await RushesClient.withConnection(
            baseURL: "http://127.0.0.1:\(node.port)", apiKey: key, retry: retry, body)
    }

    /// Runs statements on the cluster's own database.
    func psql(_ sql: String) throws { try psql(databaseURL, sql) }

    /// Runs statements at an address.
    func psql(_ url: String, _ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--command", sql, url]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PsqlFailure(sql: sql) }
    }

    private func end() {
        sandbox.withLock { $0 = nil }
        do {
            try psql(server, "DROP DATABASE \(databaseName) WITH (FORCE)")
        } catch {
            Issue.record("the test's database stays: \(error)")
        }
    }

    private func printLogs() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names.sorted() where name.hasSuffix(".log") {
            let log = (try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)) ?? "no log"
            print("last lines of \(name):\n" + log.split(separator: "\n").suffix(8).joined(separator: "\n"))
        }
    }
}

/// psql did not run these statements; its own words are on stderr.
struct PsqlFailure: Error {
    let sql: String
}
