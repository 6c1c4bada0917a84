import AsyncHTTPClient
import Hummingbird
import NIOCore
import NIOHTTP1
import RushesCore
import RushesEngine
import RushesProviders
import RushesTesting
import Synchronization
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Adapters of Veo's forms, and the sandbox or the stub that they speak to.
extension ProviderFixture {
    /// A submission of a real task identifier.
    static func submission(
        _ prompt: String = "A kite", seconds: Int = 4, size: String = "1280x720", task: TaskID? = nil
    ) -> Submission {
        let now = environment.now()
        return Submission(
            task: task ?? TaskID(at: now, randomHigh: 0, randomLow: environment.random.next()), attempt: 2,
            model: "veo-3.1-generate-001", prompt: prompt, seconds: seconds, size: size,
            deadline: now.adding(seconds: 60))
    }

    /// Runs `work` with the Gemini form against a new sandbox, and the sandbox's address.
    static func withGemini<Result: Sendable>(
        _ work: @escaping @Sendable (GeminiVeoProvider, String) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            try await withSandboxServer(folder: folder) { port in
                let url = "http://127.0.0.1:\(port)"
                return try await withConnections { connections in
                    let server = GeminiServer(baseURL: url, apiKey: Secret("sandbox"), isSandbox: true)
                    return try await work(
                        GeminiVeoProvider(server: server, connections: connections, environment: environment), url)
                }
            }
        }
    }

    /// Keys take a moment to make, so the sandboxes of all tests share the first one's.
    private static let knownKey = Mutex<Data?>(nil)

    /// An operation of Vertex that is done, with its video in the answer.
    static func vertexAnswer(inline base64: String) -> String {
        #"{"done":true,"response":{"videos":[{"bytesBase64Encoded":"\#(base64)"}]}}"#
    }

    /// Runs `work` with a Vertex adapter whose every call but that for a token has one answer, and its connections.
    static func withVertex<Result: Sendable>(
        answering answer: String, _ limits: ProviderTimeLimits,
        _ work: @escaping @Sendable (VertexVeoProvider, ProviderConnections) async throws -> Result
    ) async throws -> Result {
        try await withServer { request in
            let isToken = request.uri.path == "/token"
            let body = isToken ? #"{"access_token":"t1","expires_in":3600}"# : answer
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: body)))
        } _: { port in
            try await withConnections(limits) { connections in
                let url = "http://127.0.0.1:\(port)"
                let provider = VertexVeoProvider(
                    configuration: .init(
                        baseURL: url, project: "p1",
                        account: try await serviceAccount(tokenURL: url + "/token"), isSandbox: false),
                    connections: connections, environment: environment)
                return try await work(provider, connections)
            }
        }
    }

    /// Runs `work` with the Vertex form against a new sandbox, and the sandbox's address.
    static func withVertex<Result: Sendable>(
        storage: String?, _ work: @escaping @Sendable (VertexVeoProvider, String) async throws -> Result
    ) async throws -> Result {
        try await TemporaryFolder.with { folder in
            let file = URL(fileURLWithPath: folder + "/service-account.json")
            if let key = knownKey.withLock({ $0 }) { try key.write(to: file) }
            return try await withSandboxServer(folder: folder, hasServiceAccount: true) { port in
                let key = try Data(contentsOf: file)
                knownKey.withLock { $0 = key }
                let url = "http://127.0.0.1:\(port)"
                return try await withConnections { connections in
                    try await work(
                        VertexVeoProvider(
                            configuration: .init(
                                baseURL: url, project: "sandbox", account: try ServiceAccount(json: key),
                                storage: storage.flatMap { StorageObject($0) }, storageURL: url, isSandbox: true),
                            connections: connections, environment: environment),
                        url)
                }
            }
        }
    }

    /// The key of a service account, whose tokens are made out at an address.
    static func serviceAccount(tokenURL: String) async throws -> ServiceAccount {
        if knownKey.withLock({ $0 }) == nil { try await withVertex(storage: nil) { _, _ in } }
        let key = try #require(knownKey.withLock { $0 })
        return try ServiceAccount(json: key, tokenURL: tokenURL)
    }

    /// Sends an order to a sandbox and returns its answer.
    @discardableResult
    static func sandbox(
        _ url: String, _ method: HTTPMethod, _ path: String, _ body: String = ""
    ) async throws -> String {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer sandbox")
        if !body.isEmpty { request.body = .bytes(ByteBuffer(string: body)) }
        let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let text = String(buffer: try await answer.body.collect(upTo: 1 << 20))
        try #require(answer.status == .ok, "\(text)")
        return text
    }

    /// Polls until the job has ended.
    static func end(of job: ProviderJobID, at provider: any VideoProvider) async throws -> PollOutcome {
        for _ in 0..<600 {
            let outcome = await provider.poll(job)
            guard case .running = outcome else { return outcome }
            try await environment.sleep(50)
        }
        return try #require(nil as PollOutcome?, "the job has not ended after 30 s")
    }

    /// The bytes of a download.
    static func bytes(of job: ProviderJobID, at provider: any VideoProvider) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await provider.download(job) { event in
            if case .bytes(let more) = event { bytes += more }
        }
        return bytes
    }
}

extension SubmitOutcome {
    /// The accepted job.
    var job: ProviderJobID? {
        if case .accepted(let job, _) = self { job } else { nil }
    }

    /// Why it was certainly not accepted.
    var refusal: ProviderFault? {
        if case .notAccepted(let fault) = self { fault } else { nil }
    }
}
