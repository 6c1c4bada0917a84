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

/// What a route sends besides arrives at the sandbox in every dialect.
@Suite("Parameters of routes")
struct RouteParameterTests {
    private static let parameters: [String: RouteParameter] = [
        "seed": .integer(7), "style": .string("plain"), "enhancePrompt": .boolean(true),
    ]
    private static let arrived = [#"enhancePrompt=true"#, "seed=7", #"style="plain""#]

    private static func submission(_ parameters: [String: RouteParameter]) -> Submission {
        let plain = ProviderFixture.submission()
        return Submission(
            task: plain.task, attempt: 1, model: plain.model, prompt: plain.prompt, seconds: 4, size: plain.size,
            deadline: plain.deadline, parameters: parameters)
    }

    /// What the sandbox counted of the creates that it accepted.
    private static func counted(_ url: String) async throws -> [String: Int] {
        struct Counters: Decodable {
            let parameters: [String: Int]

            private enum CodingKeys: String, CodingKey {
                case parameters = "creates_accepted_by_parameter"
            }
        }
        let text = try await ProviderFixture.sandbox(url, .GET, "/_sandbox/counters")
        return try JSONDecoder().decode(Counters.self, from: Data(text.utf8)).parameters
    }

    @Test("the OpenAI dialect has them as members of the create")
    func openAI() async throws {
        try await ProviderFixture.withGemini { _, url in
            try await ProviderFixture.with(url + "/v1") { provider in
                let outcome = await provider.submit(Self.submission(Self.parameters))
                #expect(outcome.job != nil, "\(outcome)")
                _ = await provider.submit(Self.submission([:]))
            }
            let counted = try await Self.counted(url)
            #expect(counted.keys.sorted() == Self.arrived && counted.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("both forms of Veo have them as members of parameters")
    func veo() async throws {
        try await ProviderFixture.withGemini { provider, url in
            #expect(await provider.submit(Self.submission(Self.parameters)).job != nil)
            let counted = try await Self.counted(url)
            #expect(counted.keys.sorted() == Self.arrived)
        }
        try await ProviderFixture.withVertex(storage: nil) { provider, url in
            let all = Self.parameters.merging(["generateAudio": .boolean(false)]) { $1 }
            #expect(await provider.submit(Self.submission(all)).job != nil)
            let counted = try await Self.counted(url)
            #expect(counted.keys.sorted() == ["enhancePrompt=true", "generateAudio=false"] + Self.arrived.dropFirst())
        }
    }

    @Test("a parameter never takes the place of what the task asks for")
    func own() async throws {
        let bodies = Mutex<[String]>([])
        try await ProviderFixture.withStub { request in
            let body = try await request.body.collect(upTo: 1 << 20)
            bodies.withLock { $0.append(String(buffer: body)) }
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: #"{"id":"video_1"}"#)))
        } _: { provider in
            _ = await provider.submit(Self.submission(["seconds": .integer(99), "seed": .integer(7)]))
        }
        let body = try #require(bodies.withLock { $0.first })
        #expect(body.contains(#""seconds":"4""#) && !body.contains("99") && body.contains(#""seed":7"#))
    }
}
