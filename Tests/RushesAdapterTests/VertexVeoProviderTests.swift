import HTTPTypes
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

@Suite("The Vertex adapter")
struct VertexVeoProviderTests {
    @Test("a token is fetched once for many calls at once, and renewed once when it is refused")
    func tokens() async throws {
        try await ProviderFixture.withVertex(storage: "gs://videos") { provider, url in
            let outcomes = await withTaskGroup(of: SubmitOutcome.self) { group in
                for _ in 0..<20 { group.addTask { await provider.submit(ProviderFixture.submission()) } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.compactMap(\.job).count == 20)
            #expect(try await ProviderFixture.sandbox(url, .GET, "/_sandbox/counters").contains(#""tokens_issued":1"#))
            try await ProviderFixture.sandbox(url, .POST, "/_sandbox/tokens/revoke")
            let job = try #require(outcomes.compactMap(\.job).first)
            #expect(try await ProviderFixture.end(of: job, at: provider) == .completed)
            try await ProviderFixture.sandbox(url, .POST, "/_sandbox/tokens/revoke")
            #expect(await provider.submit(ProviderFixture.submission()).job != nil)
            #expect(try await ProviderFixture.sandbox(url, .GET, "/_sandbox/counters").contains(#""tokens_issued":3"#))
        }
    }

    @Test("a token that is refused again, and no token at all, are faults of the account and nothing was sent")
    func refusedTokens() async throws {
        try await ProviderFixture.withVertex(storage: nil) { provider, url in
            try await ProviderFixture.sandbox(
                url, .POST, "/_sandbox/faults", #"{"call":"create","kind":"unauthorized"}"#)
            #expect(await provider.submit(ProviderFixture.submission()).refusal?.class == .auth)
            try await ProviderFixture.sandbox(url, .POST, "/_sandbox/tokens/revoke")
            try await ProviderFixture.sandbox(url, .POST, "/_sandbox/faults", #"{"call":"token","kind":"unavailable"}"#)
            #expect(await provider.submit(ProviderFixture.submission()).refusal?.class == .transient)
            let counters = try await ProviderFixture.sandbox(url, .GET, "/_sandbox/counters")
            #expect(counters.contains(#""creates_accepted":0"#))
        }
    }

    @Test("without a bucket the video comes in the answer")
    func inline() async throws {
        try await ProviderFixture.withVertex(storage: nil) { provider, _ in
            let job = try #require(await provider.submit(ProviderFixture.submission()).job)
            #expect(try await ProviderFixture.end(of: job, at: provider) == .completed)
            var inspector = MP4Inspector()
            inspector.consume(try await ProviderFixture.bytes(of: job, at: provider))
            try inspector.finish()
            #expect(provider.listingLagMilliseconds == 0)
            let error = await #expect(throws: ProviderError.self) {
                try await provider.list(since: ProviderFixture.environment.now())
            }
            #expect(error?.fault.class == .permanentRequest)
        }
    }

    @Test(
        "a video in the answer is handed over in pieces, whole or not at all",
        arguments: [0, 1, 2, 3, 65_534, 65_535, 65_536, 300_000, 300_001])
    func inlinePieces(length: Int) async throws {
        let video = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let text = Data(video).base64EncodedString()
        let whole = try await download(inline: text)
        #expect(length == 0 ? whole.fault?.class == .transient : whole.bytes == video)
        #expect(length == 0 || whole.began == Int64(length))
        guard length > 65_536 else { return }
        let broken = [
            String(text.dropLast()), String(text.prefix(40_002)) + "==" + text.dropFirst(40_004),
            String(text.prefix(40_000)) + "&" + text.dropFirst(40_001),
        ]
        for text in broken { #expect(try await download(inline: text).fault?.class == .unknown) }
    }

    @Test("a video in the answer that is too large is refused before it is read")
    func inlineTooLarge() async throws {
        var limits = ProviderTimeLimits()
        limits.download.inlineBytesMax = 100_000
        let most = Data(repeating: 7, count: 100_000)
        #expect(try await download(inline: most.base64EncodedString(), limits).bytes == [UInt8](most))
        let more = try await download(inline: (most + [7]).base64EncodedString(), limits)
        #expect(more.began == nil && more.fault?.message == "the file has 100001 bytes or more, of at most 100000")
        // Its head announces it: nothing of the body is taken.
        let much = try await download(inline: String(repeating: "A", count: 40_000_000), limits)
        #expect(much.began == nil && much.fault?.message.contains("the answer is too long") == true)
    }

    /// What a download of a video hands over that stands in an answer as a text.
    private func download(
        inline text: String, _ limits: ProviderTimeLimits = ProviderTimeLimits()
    ) async throws -> (began: Int64?, bytes: [UInt8], fault: ProviderFault?) {
        try await ProviderFixture.withVertex(answering: ProviderFixture.vertexAnswer(inline: text), limits) {
            provider, _ in
            var (began, bytes): (Int64?, [UInt8]) = (nil, [])
            do {
                try await provider.download(ProviderJobID("projects/p/models/m/operations/o1")) { event in
                    switch event {
                    case .began(let length): began = length
                    case .bytes(let piece): bytes += piece
                    }
                }
                return (began, bytes, nil)
            } catch let error as ProviderError {
                return (began, bytes, error.fault)
            }
        }
    }

    @Test("done without a video is worth another generation; a filtered one is moderated, with its category")
    func noVideo() async throws {
        try await ProviderFixture.withVertex(storage: "gs://videos/a") { provider, _ in
            let empty = try #require(await provider.submit(ProviderFixture.submission("x [sim:empty]")).job)
            guard case .failed(let nothing) = try await ProviderFixture.end(of: empty, at: provider) else {
                Issue.record("an empty operation has a video")
                return
            }
            #expect(nothing.class == .transient && nothing.code == ProviderWord.nothing)
            let filtered = try #require(await provider.submit(ProviderFixture.submission("x [sim:moderation]")).job)
            guard case .failed(let fault) = try await ProviderFixture.end(of: filtered, at: provider) else {
                Issue.record("a filtered operation has a video")
                return
            }
            #expect(fault.class == .moderated && fault.category == .violence)
        }
    }

    @Test("what a create says: the attempt's own prefix and label, the picture in Veo's words")
    func create() async throws {
        let seen = Mutex<[(Request, String)]>([])
        let submission = ProviderFixture.submission("“Kite”", seconds: 8, size: "1080x1920")
        let outcome = try await ProviderFixture.withServer { request in
            let body = String(buffer: try await request.body.collect(upTo: 10_000))
            seen.withLock { $0.append((request, body)) }
            let text =
                request.uri.path == "/token"
                ? #"{"access_token":"t1","expires_in":3600}"# : #"{"name":"projects/p/models/m/operations/o1"}"#
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: text)))
        } _: { port in
            try await ProviderFixture.withConnections { connections in
                let url = "http://127.0.0.1:\(port)"
                let account = try await ProviderFixture.serviceAccount(tokenURL: url + "/token")
                return await VertexVeoProvider(
                    configuration: .init(
                        baseURL: url, project: "p1", location: "europe-west4", account: account,
                        storage: StorageObject("gs://videos/rushes/"), isSandbox: false),
                    connections: connections, environment: ProviderFixture.environment
                ).submit(submission)
            }
        }
        #expect(outcome.job == ProviderJobID("projects/p/models/m/operations/o1"))
        let (request, body) = try #require(seen.withLock { $0 }.last)
        #expect(
            request.uri.path
                == "/v1/projects/p1/locations/europe-west4/publishers/google/models/veo-3.1-generate-001"
                + ":predictLongRunning")
        #expect(request.headers[.authorization] == "Bearer t1")
        #expect(request.headers.allSatisfy { !$0.name.rawName.lowercased().hasPrefix("x-rushes") })
        for part in [
            #""prompt":"“Kite”""#, #""aspectRatio":"9:16""#, #""resolution":"1080p""#, #""durationSeconds":8"#,
            #""sampleCount":1"#, #""labels":{"rushes_attempt":"\#(submission.tag)"}"#,
            #""storageUri":"gs://videos/rushes/attempts/\#(ProviderFixture.environment.now().rfc3339.prefix(10))/"#
                + #"\#(submission.tag)/""#,
        ] {
            #expect(body.contains(part), "\(part) in \(body)")
        }
    }

    @Test("a picture that Veo does not make is refused here")
    func size() async throws {
        try await ProviderFixture.withVertex(storage: nil) { provider, url in
            let outcome = await provider.submit(ProviderFixture.submission(size: "640x480"))
            #expect(outcome.refusal?.class == .permanentRequest)
            let counters = try await ProviderFixture.sandbox(url, .GET, "/_sandbox/counters")
            #expect(counters.contains(#""tokens_issued":0"#))
        }
    }

    @Test("no part of an adapter shows its secrets")
    func secrets() async throws {
        let account = try await ProviderFixture.serviceAccount(tokenURL: "http://127.0.0.1:1/token")
        let configuration = VertexVeoProvider.Configuration(project: "p", account: account, isSandbox: false)
        let server = GeminiServer(apiKey: Secret("AIza-canary"), isSandbox: false)
        var dumped = ""
        dump(configuration, to: &dumped)
        dump(server, to: &dumped)
        for text in [dumped, "\(configuration)", "\(server)", String(reflecting: account)] {
            #expect(!text.contains("PRIVATE KEY") && !text.contains("AIza-canary"))
        }
        #expect(configuration.baseURL == "https://us-central1-aiplatform.googleapis.com")
    }
}
