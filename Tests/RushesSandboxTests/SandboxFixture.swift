import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

@testable import RushesSandbox

/// A sandbox in a folder of its own, under a clock that only the test moves.
final class SandboxFixture: Sendable {
    let directory: String
    private let milliseconds = Mutex<Int64>(1_795_460_000_000)

    init() throws {
        directory = NSTemporaryDirectory() + "rushes-sandbox-tests/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    var now: Int64 { milliseconds.withLock { $0 } }

    func advance(seconds: Double) {
        milliseconds.withLock { $0 += Int64(seconds * 1000) }
    }

    /// Starts the sandbox, runs the body, and stops it again; a second call on the same fixture is a restart.
    func run(
        _ mode: TestingSetup = .router, speed: Double = 1, ffmpegPath: String? = nil,
        hasServiceAccount: Bool = false, webhookURL: String? = nil,
        _ body: @escaping @Sendable (SandboxClient) async throws -> Void
    ) async throws {
        var logger = Logger(label: "sandbox-tests")
        logger.logLevel = .critical
        let configuration = SandboxConfiguration(
            port: 0, dataDirectory: directory, speed: speed, seed: 7, ffmpegPath: ffmpegPath,
            hasServiceAccount: hasServiceAccount, webhookURL: webhookURL)
        let server = SandboxServer(configuration: configuration, logger: logger, now: { self.now })
        try await server.application().test(mode) { client in
            try await body(SandboxClient(client: client))
        }
    }
}

/// A JSON object of an answer, for reading in expectations.
struct JSONObject: @unchecked Sendable {
    // Only ever read after parsing.
    let members: [String: Any]

    init(_ buffer: ByteBuffer) throws {
        let value = try JSONSerialization.jsonObject(with: Data(buffer.readableBytesView))
        members = try #require(value as? [String: Any])
    }

    init(_ members: [String: Any]) {
        self.members = members
    }

    func string(_ key: String) -> String? { members[key] as? String }
    func int(_ key: String) -> Int? { members[key] as? Int }
    func isNull(_ key: String) -> Bool { members[key] is NSNull }
    func object(_ key: String) -> JSONObject? { (members[key] as? [String: Any]).map(JSONObject.init) }
    func objects(_ key: String) -> [JSONObject] { (members[key] as? [[String: Any]] ?? []).map(JSONObject.init) }
    var keys: Set<String> { Set(members.keys) }
}

/// Speaks the dialect as a caller would.
struct SandboxClient: Sendable {
    let client: any TestClientProtocol

    func send(
        _ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields = [:], body: ByteBuffer? = nil,
        key: String? = "sandbox"
    ) async throws -> TestResponse {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        return try await client.execute(uri: uri, method: method, headers: headers, body: body) { $0 }
    }

    func create(_ json: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "application/json"
        return try await send(.post, "/v1/videos", headers: headers, body: ByteBuffer(string: json))
    }

    /// Creates a job of that prompt and returns its id.
    func job(_ prompt: String, headers: HTTPFields = [:]) async throws -> String {
        let json = try JSONSerialization.data(withJSONObject: ["prompt": prompt])
        let response = try await create(String(decoding: json, as: UTF8.self), headers: headers)
        #expect(response.status == .ok)
        return try #require(try JSONObject(response.body).string("id"))
    }

    /// Orders a fault for the calls to come.
    func order(_ json: String) async throws {
        let response = try await send(.post, "/_sandbox/faults", body: ByteBuffer(string: json))
        #expect(response.status == .ok, "\(String(buffer: response.body))")
    }

    /// Sends a call of Google's Developer API.
    func google(
        _ method: HTTPRequest.Method, _ uri: String, _ json: String? = nil, key: String? = "sandbox"
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[.googleKey] = key
        return try await send(method, uri, headers: headers, body: json.map { ByteBuffer(string: $0) }, key: nil)
    }

    /// Creates a job of Veo's Gemini form and returns its operation's name.
    func operation(_ prompt: String) async throws -> String {
        let json = try JSONSerialization.data(withJSONObject: ["instances": [["prompt": prompt]]])
        let response = try await google(
            .post, "/v1beta/models/veo-3.1-generate-001:predictLongRunning", String(decoding: json, as: UTF8.self))
        #expect(response.status == .ok)
        return try #require(try JSONObject(response.body).string("name"))
    }

    func video(_ id: String) async throws -> JSONObject {
        let response = try await send(.get, "/v1/videos/\(id)")
        #expect(response.status == .ok)
        return try JSONObject(response.body)
    }

    func content(_ id: String, variant: String? = nil) async throws -> TestResponse {
        try await send(.get, "/v1/videos/\(id)/content" + (variant.map { "?variant=\($0)" } ?? ""))
    }

    func counters(summary: Bool = false) async throws -> JSONObject {
        let response = try await send(.get, "/_sandbox/counters" + (summary ? "?summary=true" : ""), key: nil)
        #expect(response.status == .ok)
        return try JSONObject(response.body)
    }
}

extension TestResponse {
    /// The inner object of an error envelope, after checking that it has exactly the four keys.
    func refusal() throws -> JSONObject {
        let error = try #require(try JSONObject(body).object("error"))
        #expect(error.keys == ["message", "type", "param", "code"])
        return error
    }
}

extension HTTPFields {
    static func attempt(_ tag: String) -> HTTPFields { [.attempt: tag] }
}
