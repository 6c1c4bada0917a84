import HTTPTypes
import Hummingbird
import NIOCore
import RushesCore
import RushesEngine
import RushesProviders
import Synchronization
import Testing

@Suite("The Gemini adapter, and the outline of the Interactions adapter")
struct GeminiVeoProviderTests {
    private static let operation = ProviderJobID("models/m/operations/o1")

    /// Runs `work` with a server value for a stub.
    private static func withStub<Result: Sendable>(
        hosts: ContentHosts = .google, _ respond: @escaping @Sendable (Request) async throws -> Response,
        _ work: @escaping @Sendable (GeminiServer, ProviderConnections) async throws -> Result
    ) async throws -> Result {
        try await ProviderFixture.withServer(respond) { port in
            try await ProviderFixture.withConnections { connections in
                let server = GeminiServer(
                    baseURL: "http://127.0.0.1:\(port)/", apiKey: Secret("AIza-canary"), isSandbox: false,
                    contentHosts: hosts)
                return try await work(server, connections)
            }
        }
    }

    private static func gemini(_ server: GeminiServer, _ connections: ProviderConnections) -> GeminiVeoProvider {
        GeminiVeoProvider(server: server, connections: connections, environment: ProviderFixture.environment)
    }

    @Test(
        "answers to a poll",
        arguments: [
            (200, #"{"name":"n"}"#, "running"), (200, #"{"done":false,"metadata":{}}"#, "running"),
            (
                200,
                #"{"done":true,"response":{"generateVideoResponse":{"generatedSamples":[{"video":{"uri":"u"}}]}}}"#,
                "completed"
            ),
            (200, #"{"done":true,"response":{"videos":[{"bytesBase64Encoded":"AA=="}]}}"#, "completed"),
            (200, #"{"done":true,"response":{}}"#, "failed transient"), (200, #"{"done":true}"#, "failed transient"),
            (
                200, #"{"done":true,"response":{"generateVideoResponse":{"raiMediaFilteredCount":1}}}"#,
                "failed moderated"
            ),
            (200, #"{"done":true,"error":{"code":13,"message":"m"}}"#, "failed transient"),
            (
                200, #"{"done":true,"error":{"code":3,"message":"Against usage guidelines."}}"#, "failed moderated"
            ),
            (200, #"{"done":true,"error":{"code":8,"message":"m"}}"#, "failed rate_limited"),
            (200, "<html>", "unavailable unknown"), (404, "{}", "lost lost"), (503, "", "unavailable transient"),
            (403, #"{"error":{"code":403,"status":"PERMISSION_DENIED","message":"m"}}"#, "unavailable auth"),
        ])
    func pollAnswers(status: Int, body: String, expected: String) async throws {
        let outcome = try await Self.withStub { request in
            #expect(request.uri.path == "/v1beta/models/m/operations/o1" && request.method == .get)
            #expect(request.headers[HTTPField.Name("x-goog-api-key")!] == "AIza-canary")
            return answer(body, status: status)
        } _: {
            await Self.gemini($0, $1).poll(Self.operation)
        }
        #expect(outcome.words == expected)
    }

    @Test(
        "answers to a create",
        arguments: [
            (200, #"{"name":"models/m/operations/o1"}"#, nil), (200, #"{"name":"../../x"}"#, "unknown"),
            (200, "{}", "unknown"), (503, "{}", "unknown"), (409, "{}", "unknown"),
            (
                400,
                #"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT","details":"#
                    + #"[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}]"#,
                "auth"
            ),
            (404, #"{"error":{"code":404,"message":"gone","status":"NOT_FOUND"}}"#, "retired"),
            (
                429,
                #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"34.5s"},"#
                    + #"{"violations":[{"quotaId":"RequestsPerMinute"}]}]}}"#, "rate_limited"
            ),
            (
                429,
                #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":"#
                    + #"[{"violations":[{"quotaId":"PredictLongRunningRequestsPerDayPerProject"}]}]}}"#,
                "quota_exhausted"
            ),
        ] as [(Int, String, String?)])
    func createAnswers(status: Int, body: String, expected: String?) async throws {
        let outcome = try await Self.withStub { request in
            #expect(request.uri.path == "/v1beta/models/veo-3.1-generate-001:predictLongRunning")
            return answer(body, status: status)
        } _: {
            await Self.gemini($0, $1).submit(ProviderFixture.submission())
        }
        switch outcome {
        case .accepted(let job, _): #expect(expected == nil && job == Self.operation)
        case .unknown: #expect(expected == "unknown")
        case .notAccepted(let fault):
            #expect(fault.class.rawValue == expected)
            if expected == "rate_limited" { #expect(fault.retryAfterMilliseconds == 34_500) }
        }
    }

    @Test("the key goes to the server that it belongs to, and to no redirect's target")
    func redirects() async throws {
        let keys = Mutex<[String?]>([])
        let key = HTTPField.Name("x-goog-api-key")!
        let bytes = try await ProviderFixture.withServer { request in
            keys.withLock { $0.append(request.headers[key]) }
            return answer("video", headers: ["content-type": "video/mp4"])
        } _: { target in
            // The other server is allowed by name only; over plain HTTP it is refused.
            try await Self.withStub { request in
                if request.uri.path.hasPrefix("/v1beta/models") {
                    let host = request.head.authority ?? ""
                    let uri = "http://\(host)/v1beta/files/f1:download?alt=media"
                    return answer(
                        #"{"done":true,"response":{"generateVideoResponse":{"generatedSamples":[{"video":{"uri":""#
                            + uri + #""}}]}}}"#)
                }
                keys.withLock { $0.append(request.headers[key]) }
                return answer("", status: 302, headers: ["location": "http://127.0.0.1:\(target)/elsewhere"])
            } _: { server, connections in
                await #expect(throws: ProviderError.self) {
                    try await ProviderFixture.bytes(of: Self.operation, at: Self.gemini(server, connections))
                }
            }
        }
        #expect(bytes?.fault.message == "the content stands on 127.0.0.1: not allowed")
        #expect(keys.withLock { $0 } == ["AIza-canary"])
    }

    @Test("a redirect within the server is followed")
    func followed() async throws {
        let bytes = try await Self.withStub { request in
            switch request.uri.path {
            case "/v1beta/models/m/operations/o1":
                let uri = "http://\(request.head.authority ?? "")/v1beta/files/f1:download?alt=media"
                return answer(
                    #"{"done":true,"response":{"generateVideoResponse":{"generatedSamples":[{"video":{"uri":""#
                        + uri + #""}}]}}}"#)
            case "/v1beta/files/f1:download":
                return answer("", status: 307, headers: ["location": "/blob/1"])
            default:
                return answer("the video", headers: ["content-type": "video/mp4"])
            }
        } _: {
            try await ProviderFixture.bytes(of: Self.operation, at: Self.gemini($0, $1))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "the video")
    }

    private static func interactions(_ server: GeminiServer, _ connections: ProviderConnections) -> InteractionsProvider
    {
        InteractionsProvider(server: server, connections: connections, environment: ProviderFixture.environment)
    }

    @Test("an interaction is created in the background, with a length in words")
    func interactionCreate() async throws {
        let seen = Mutex("")
        let outcome = try await Self.withStub { request in
            let body = String(buffer: try await request.body.collect(upTo: 10_000))
            seen.withLock { $0 = "\(request.method) \(request.uri.path) \(body)" }
            return answer(#"{"id":"int_1","object":"interaction","status":"queued"}"#)
        } _: {
            await Self.interactions($0, $1).submit(ProviderFixture.submission("“Kite”", seconds: 8))
        }
        #expect(outcome.job == ProviderJobID("int_1"))
        let said = seen.withLock { $0 }
        for part in [
            "POST /v1beta/interactions {", #""input":"“Kite”""#, #""background":true"#,
            #""response_modalities":["video"]"#, #""duration":"8s""#, #""aspect_ratio":"16:9""#, #""delivery":"uri""#,
            #""video_config":{"task":"text_to_video"}"#,
        ] {
            #expect(said.contains(part), "\(part) in \(said)")
        }
    }

    @Test(
        "interactions that are asked about",
        arguments: [
            (#"{"id":"i","status":"in_progress"}"#, "", "running"),
            (#"{"id":"i","status":"dreaming"}"#, "", "running dreaming"),
            (#"{"id":"i","status":"completed","output_video":{"data":"AA=="}}"#, "", "completed"),
            (
                #"{"id":"i","status":"completed","output_video":{"uri":"https://g/v1beta/files/f1"}}"#,
                #"{"state":"PROCESSING"}"#, "running"
            ),
            (
                #"{"id":"i","status":"completed","steps":[{"type":"thought"},{"type":"model_output","content":"#
                    + #"[{"type":"video","uri":"https://g/v1beta/files/f1"}]}]}"#,
                #"{"state":"ACTIVE"}"#, "completed"
            ),
            (#"{"id":"i","status":"completed"}"#, "", "failed transient"),
            (#"{"id":"i","status":"incomplete"}"#, "", "failed permanent_generation"),
            (#"{"id":"i","status":"budget_exceeded"}"#, "", "failed quota_exhausted"),
            (
                #"{"id":"i","status":"failed","errors":[{"code":"content_blocked","message":"m"}]}"#, "",
                "failed moderated"
            ),
        ])
    func interactionPoll(body: String, file: String, expected: String) async throws {
        let outcome = try await Self.withStub { request in
            answer(request.uri.path == "/v1beta/files/f1" ? file : body)
        } _: {
            await Self.interactions($0, $1).poll(ProviderJobID("i"))
        }
        #expect(outcome.words == expected)
    }

    @Test("the video of an interaction is fetched by its file")
    func interactionDownload() async throws {
        let bytes = try await Self.withStub { request in
            if request.uri.path == "/v1beta/files/f1:download" {
                return answer("the video", headers: ["content-type": "video/mp4"])
            }
            return answer(#"{"id":"i","status":"completed","output_video":{"uri":"https://g/v1beta/files/f1"}}"#)
        } _: {
            try await ProviderFixture.bytes(of: ProviderJobID("i"), at: Self.interactions($0, $1))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "the video")
    }

    @Test(
        "buckets",
        arguments: [
            ("gs://videos", "videos", ""), ("gs://videos/", "videos", ""),
            ("gs://v-1.x_y/a/b.mp4", "v-1.x_y", "a/b.mp4"),
        ])
    func buckets(text: String, bucket: String, name: String) {
        let object = StorageObject(text)
        #expect(object?.bucket == bucket && object?.name == name)
    }

    @Test("no buckets", arguments: ["s3://videos", "gs://", "gs:///a", "gs://Videos", "gs://a?b/c", ""])
    func noBuckets(text: String) {
        #expect(StorageObject(text) == nil)
    }
}

extension PollOutcome {
    /// Kind and class, for tables.
    fileprivate var words: String {
        switch self {
        case .running(_, let unfamiliar): "running" + (unfamiliar.map { " " + $0 } ?? "")
        case .completed: "completed"
        case .failed(let fault): "failed \(fault.class.rawValue)"
        case .lost(let fault): "lost \(fault.class.rawValue)"
        case .unavailable(let fault): "unavailable \(fault.class.rawValue)"
        }
    }
}

private func answer(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> Response {
    var fields: HTTPFields = [.contentType: "application/json"]
    for (header, value) in headers { fields[HTTPField.Name(header)!] = value }
    return Response(status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: body)))
}
