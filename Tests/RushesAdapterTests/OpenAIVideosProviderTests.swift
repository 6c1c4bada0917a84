import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import RushesCore
import RushesEngine
import RushesProviders
import Synchronization
import Testing

@Suite("The OpenAI adapter reads and writes the dialect")
struct OpenAIVideosProviderTests {
    private static let submission = Submission(
        task: TaskID(trusted: "tsk_1"), attempt: 2, model: "sora-2", prompt: "“Kite”", seconds: 8, size: "1280x720",
        deadline: Timestamp(milliseconds: 1_795_460_120_000))

    @Test("a create says what it must, and names its attempt to the sandbox only", arguments: [true, false])
    func create(isSandbox: Bool) async throws {
        let seen = Mutex<(Request, String)?>(nil)
        let outcome = try await ProviderFixture.withStub(isSandbox: isSandbox) { request in
            let body = try await request.body.collect(upTo: 10_000)
            seen.withLock { $0 = (request, String(buffer: body)) }
            return answer(
                #"{"id":"video_1","status":"queued","new":{"field":1}}"#, headers: ["openai-poll-after-ms": "1500"])
        } _: {
            await $0.submit(Self.submission)
        }
        #expect(outcome == .accepted(ProviderJobID("video_1"), pollAfterMilliseconds: 1_500))
        let (request, body) = try #require(seen.withLock { $0 })
        #expect(request.method == .post && request.uri.path == "/v1/videos")
        #expect(request.headers[.authorization] == "Bearer sandbox")
        #expect(request.headers[.contentType] == "application/json")
        #expect(request.headers[.contentLength] == "\(body.utf8.count)")
        #expect(body.contains(#""seconds":"8""#) && body.contains(#""prompt":"“Kite”""#))
        #expect(request.headers[name("X-Rushes-Attempt")] == (isSandbox ? "tsk_1:2" : nil))
        #expect(request.headers[name("X-Rushes-Deadline")] == (isSandbox ? "2026-11-23T18:55:20.000Z" : nil))
    }

    @Test(
        "answers to a create",
        arguments: [
            (200, #"{"id":""}"#, nil), (200, "<html>", nil), (201, #"{"object":"video"}"#, nil),
            (500, #"{"error":{"message":"m","code":"server_error"}}"#, nil), (408, "", nil), (409, "{}", nil),
            (302, "", nil), (400, #"{"error":{"message":"bad","code":"invalid_value"}}"#, .permanentRequest),
            (400, #"{"error":"against our content policy"}"#, .moderated), (401, "", .auth),
            (429, #"{"message":"slow","code":1302}"#, .rateLimited),
            (429, #"{"error":{"message":"m","type":"insufficient_quota","code":null}}"#, .quotaExhausted),
            (404, #"{"error":{"message":"m","code":"model_not_found"}}"#, .retired),
        ] as [(Int, String, ProviderFault.Class?)])
    func createAnswers(status: Int, body: String, notAccepted: ProviderFault.Class?) async throws {
        let outcome = try await ProviderFixture.withStub { _ in
            answer(
                body, status: status, headers: ["retry-after": "3", "x-request-id": "req_9", "location": "/v1/other"])
        } _: {
            await $0.submit(Self.submission)
        }
        switch (outcome, notAccepted) {
        case (.notAccepted(let fault), .some(let expected)):
            #expect(fault.class == expected && fault.retryAfterMilliseconds == 3_000)
            #expect(fault.message.hasSuffix("(request req_9)"))
        case (.unknown, nil):
            break
        default:
            Issue.record("\(status) \(body): \(outcome)")
        }
    }

    @Test(
        "answers to a poll",
        arguments: [
            (200, #"{"id":"v","status":"queued"}"#, .running(pollAfterMilliseconds: 700, unfamiliarStatus: nil)),
            (200, #"{"id":"v","status":"PROCESSING"}"#, .running(pollAfterMilliseconds: 700, unfamiliarStatus: nil)),
            (200, #"{"id":"v","status":"paused"}"#, .running(pollAfterMilliseconds: 700, unfamiliarStatus: "paused")),
            (200, #"{"id":"v","status":"completed","progress":"x"}"#, .completed),
            (200, #"{"id":"v","status":"succeeded"}"#, .completed),
            (
                200, #"{"id":"v","status":"failed","error":{"code":"moderation_blocked","message":"m"}}"#,
                .failed(ProviderFault(.moderated, code: "moderation_blocked", message: "m"))
            ),
            (
                200, #"{"id":"v","status":"expired","error":null}"#,
                .failed(
                    ProviderFault(
                        .permanentGeneration, code: "expired", message: "the provider's job ended as expired"))
            ),
            (
                200,
                #"{"id":"v","status":"failed","error":{"code":"rate_limit_exceeded","message":"m","#
                    + #""headers":{"Retry-After":"7","X-Other":["a"]}}}"#,
                .failed(
                    ProviderFault(
                        .rateLimited, code: "rate_limit_exceeded", message: "m", retryAfterMilliseconds: 7_000))
            ),
            (
                200,
                #"{"id":"v","status":"failed","error":{"code":"server_error","message":"m","#
                    + #""headers":{"retry-after-ms":2500,"retry-after":9}}}"#,
                .failed(
                    ProviderFault(.transient, code: "server_error", message: "m", retryAfterMilliseconds: 2_500))
            ),
            (
                200, #"{"id":"v","status":"failed","error":{"code":"server_error","message":"m","headers":7}}"#,
                .failed(ProviderFault(.transient, code: "server_error", message: "m"))
            ),
            (
                200, #"{"id":"v","status":"failed"}"#,
                .failed(ProviderFault(.permanentGeneration, message: "the provider's job ended as failed"))
            ),
            (200, "{}", .unavailable(ProviderFault(.unknown, message: "the answer to a poll cannot be read"))),
            (
                200, #"{"id":"v","status":"failed","st\u0061tus":"completed"}"#,
                .unavailable(ProviderFault(.unknown, message: "the answer to a poll cannot be read"))
            ),
            (200, #"{"a":[{"id":"x, \"id\":"},{"id":"id"}],"b":{"id":1},"id":"v","status":"completed"}"#, .completed),
            (404, "", .lost(ProviderFault(.lost, message: "HTTP 404 without an error body"))),
            (401, "", .unavailable(ProviderFault(.auth, message: "HTTP 401 without an error body"))),
            (503, "", .unavailable(ProviderFault(.transient, message: "HTTP 503 without an error body"))),
        ] as [(Int, String, PollOutcome)])
    func pollAnswers(status: Int, body: String, expected: PollOutcome) async throws {
        let outcome = try await ProviderFixture.withStub { request in
            #expect(request.uri.path == "/v1/videos/a%2F..%3Fb%20c")
            return answer(body, status: status, headers: ["openai-poll-after-ms": "700"])
        } _: {
            await $0.poll(ProviderJobID("a/..?b c"))
        }
        #expect(outcome == expected)
    }

    @Test(
        "gateways name jobs and their states in other words",
        arguments: [
            (#"{"id":"v","status":"SUBMITTED"}"#, "running"), (#"{"task_id":"v","state":"rendering"}"#, "running"),
            (#"{"video_id":"v","status":"in_queue"}"#, "running"), (#"{"id":7,"status":"success"}"#, "completed"),
            (#"{"code":0,"data":{"task_id":"v","status":"finished"}}"#, "completed"),
            (#"{"id":"v","status":"FAILURE","fail_reason":"against our content policy"}"#, "moderated"),
            (#"{"id":"v","status":"rejected","error":"moderation"}"#, "moderated"),
            (#"{"id":"v","status":"timeout"}"#, "permanent_generation"),
            (#"{"status":"completed"}"#, "unavailable"), (#"{"id":{},"status":"completed"}"#, "unavailable"),
        ])
    func gateways(body: String, expected: String) async throws {
        let outcome = try await ProviderFixture.withStub { _ in
            answer(body)
        } _: {
            await $0.poll(ProviderJobID("v"))
        }
        switch outcome {
        case .running(_, let unfamiliar): #expect(expected == "running" && unfamiliar == nil)
        case .completed: #expect(expected == "completed")
        case .failed(let fault): #expect(fault.class.rawValue == expected)
        case .unavailable: #expect(expected == "unavailable")
        case .lost: Issue.record("the job is lost")
        }
    }

    @Test("a create may answer with a number for a name, in an envelope")
    func numbered() async throws {
        let outcome = try await ProviderFixture.withStub { _ in
            answer(#"{"code":"success","data":{"id":4711,"seconds":4.0}}"#, status: 201)
        } _: {
            await $0.submit(Self.submission)
        }
        #expect(outcome == .accepted(ProviderJobID("4711"), pollAfterMilliseconds: nil))
    }

    @Test("a listing is read until it is older than the moment asked for")
    func list() async throws {
        let requests = Mutex<[String]>([])
        let jobs = try await ProviderFixture.withStub { request in
            requests.withLock { $0.append(request.uri.queryParameters["after"].map(String.init) ?? "") }
            switch request.uri.queryParameters["after"] {
            case nil:
                return answer(
                    #"{"data":[{"id":"v9","created_at":1009,"seconds":4,"model":"m"},"#
                        + #"{"id":"v8","created_at":1008.7,"seconds":"8","prompt":"p","size":"s"}],"#
                        + #""has_more":true,"last_id":"v8"}"#)
            case "v8":
                return answer(
                    #"{"data":[{"id":"v7","created_at":"1007"},{"id":"v6","created_at":1006}],"has_more":true}"#)
            default:
                return answer("{}", status: 500)
            }
        } _: {
            try await $0.list(since: Timestamp(milliseconds: 1_007_900))
        }
        #expect(requests.withLock { $0 } == ["", "v8"])
        #expect(
            jobs == [
                job("v9", 1_009, model: "m", seconds: 4),
                job("v8", 1_008, prompt: "p", seconds: 8, size: "s"),
                job("v7", 1_007),
            ])
    }

    @Test("jobs whose names cannot be used make the others of a listing no worse")
    func namelessListing() async throws {
        let long = String(repeating: "v", count: 257)
        let before = Timestamp(milliseconds: 1_000)
        let jobs = try await ProviderFixture.withStub { request in
            switch request.uri.queryParameters["after"] {
            case nil:
                return answer(
                    #"{"data":[{"id":"\#(long)","created_at":9,"prompt":"p","seconds":"4","size":"s","model":"m"},"#
                        + #"{"id":"v8","created_at":8},{"id":null,"created_at":7},{"id":"","created_at":1}],"#
                        + #""has_more":true}"#)
            case "v8":
                return answer(
                    #"{"data":[{"id":null,"created_at":7},{"id":{},"prompt":"q"},7,"#
                        + #"{"id":"v5","created_at":9223372036854775807}],"has_more":false}"#)
            default:
                return answer("{}", status: 500)
            }
        } _: {
            try await $0.list(since: Timestamp(milliseconds: 2_000))
        }
        #expect(jobs.map { $0.id?.rawValue } == [nil, "v8", nil, nil, nil, nil, "v5"])
        #expect(jobs[0].prompt == "p" && jobs[0].seconds == 4 && jobs[0].size == "s" && jobs[0].model == "m")
        #expect(jobs[0].createdAt.seconds == 9 && jobs[3].createdAt.seconds == 7)
        // Without a time it may be of any time.
        #expect(jobs[4].prompt == "q" && jobs[4].createdAt > before && jobs[5].createdAt > before)
    }

    @Test("a listing that is not newest first is read to its end")
    func oldestFirst() async throws {
        let jobs = try await ProviderFixture.withStub { request in
            request.uri.queryParameters["after"] == nil
                ? answer(#"{"data":[{"id":"v1","created_at":1},{"id":"v2","created_at":2}],"has_more":true}"#)
                : answer(#"{"data":[{"id":"v3","created_at":3000}],"has_more":false}"#)
        } _: {
            try await $0.list(since: Timestamp(milliseconds: 2_000_000))
        }
        #expect(jobs == [job("v3", 3_000)])
    }

    @Test(
        "a listing that proves nothing is an error",
        arguments: [
            (404, "", .permanentRequest), (405, "", .permanentRequest), (500, "", .transient), (200, "[]", .unknown),
            (200, #"{"data":[{"id":"v1"}]}"#, .permanentRequest),
            (200, #"{"data":[{"id":null,"created_at":5000}],"has_more":true}"#, .unknown),
            (200, #"{"data":[{"id":null,"created_at":5000}]}"#, .unknown),
            (200, #"{"data":[{"id":"v1","created_at":5000}],"has_more":true,"last_id":"v1"}"#, .unknown),
        ] as [(Int, String, ProviderFault.Class)])
    func listErrors(status: Int, body: String, expected: ProviderFault.Class) async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await ProviderFixture.withStub { _ in
                answer(body, status: status)
            } _: {
                try await $0.list(since: Timestamp(milliseconds: 0))
            }
        }
        #expect(error?.fault.class == expected)
    }

    @Test("a download is bytes in order, after its length")
    func download() async throws {
        let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let seen = Mutex<(began: [Int64?], bytes: [UInt8])>(([], []))
        try await ProviderFixture.withStub { request in
            #expect(request.uri.path == "/v1/videos/v1/content")
            return Response(
                status: .ok, headers: [.contentType: "video/mp4"], body: .init(byteBuffer: ByteBuffer(bytes: content)))
        } _: { provider in
            try await provider.download(ProviderJobID("v1")) { event in
                seen.withLock { seen in
                    switch event {
                    case .began(let length): seen.began.append(length)
                    case .bytes(let bytes): seen.bytes += bytes
                    }
                }
            }
        }
        let (began, bytes) = seen.withLock { $0 }
        #expect(began == [300_000] && bytes == content)
    }

    @Test(
        "what is no video is not handed on",
        arguments: [
            (200, "application/json", .unknown), (200, "text/html", .unknown), (404, "application/json", .lost),
            (503, "text/html", .transient), (204, "video/mp4", .unknown),
        ] as [(Int, String, ProviderFault.Class)])
    func noVideo(status: Int, type: String, expected: ProviderFault.Class) async throws {
        let error = await #expect(throws: ProviderError.self) {
            try await ProviderFixture.withStub { _ in
                answer("{}", status: status, headers: ["content-type": type])
            } _: { provider in
                try await provider.download(ProviderJobID("v1")) { event in Issue.record("\(event)") }
            }
        }
        #expect(error?.fault.class == expected)
    }

    @Test("a consumer's own error comes back as it is")
    func consumerError() async throws {
        struct Enough: Error {}
        await #expect(throws: Enough.self) {
            try await ProviderFixture.withStub { _ in
                answer("bytes", headers: ["content-type": "video/mp4"])
            } _: { provider in
                try await provider.download(ProviderJobID("v1")) { _ in throw Enough() }
            }
        }
    }

    @Test("a key does not show")
    func secret() {
        let configuration = OpenAIVideosProvider.Configuration(
            baseURL: "http://localhost/v1/", apiKey: Secret("sk-1"), isSandbox: false)
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("sk-1") && !"\(configuration)".contains("sk-1"))
        #expect(configuration.baseURL == "http://localhost/v1")
        #expect(configuration.apiKey.reveal() == "sk-1")
    }

    private func job(
        _ id: String, _ created: Int64, model: String? = nil, prompt: String? = nil, seconds: Int? = nil,
        size: String? = nil
    ) -> ListedJob {
        ListedJob(
            id: ProviderJobID(id), createdAt: Timestamp(milliseconds: created * 1_000), model: model, prompt: prompt,
            seconds: seconds, size: size)
    }
}

private func name(_ text: String) -> HTTPField.Name {
    // The tests' own names are valid.
    HTTPField.Name(text)!
}

private func answer(_ body: String, status: Int = 200, headers: [String: String] = [:]) -> Response {
    var fields: HTTPFields = [.contentType: "application/json"]
    for (header, value) in headers { fields[name(header)] = value }
    return Response(status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: body)))
}
