import RushesCore
import RushesProviders
import RushesTesting
import Testing

@Suite("Every adapter against the sandbox")
struct VideoProviderConformanceTests {
    private static let veo = "veo-3.1-generate-001"

    @Test("OpenAI Videos", arguments: VideoProviderConformance.cases)
    func openAI(_ rule: ConformanceCase<ProviderUnderTest>) async throws {
        try await TemporaryFolder.with { folder in
            try await ProviderFixture.withSandbox(folder: folder) { provider in
                try await rule.check(
                    ProviderUnderTest(
                        provider: provider, model: "sora-2", seconds: 4, size: "1280x720",
                        environment: ProviderFixture.environment, hasImages: true))
            }
        }
    }

    @Test("Veo in the Gemini form", arguments: VideoProviderConformance.cases)
    func gemini(_ rule: ConformanceCase<ProviderUnderTest>) async throws {
        try await ProviderFixture.withGemini { provider, _ in
            try await rule.check(
                ProviderUnderTest(
                    provider: provider, model: Self.veo, seconds: 4, size: "1280x720",
                    environment: ProviderFixture.environment, listing: .none, hasStatusWords: false,
                    unknownJob: ProviderJobID("models/\(Self.veo)/operations/0")))
        }
    }

    @Test("Veo in the Vertex form, with a bucket", arguments: VideoProviderConformance.cases)
    func vertex(_ rule: ConformanceCase<ProviderUnderTest>) async throws {
        try await ProviderFixture.withVertex(storage: "gs://videos/rushes") { provider, _ in
            try await rule.check(
                ProviderUnderTest(
                    provider: provider, model: Self.veo, seconds: 4, size: "1280x720",
                    environment: ProviderFixture.environment, listing: .finished, hasStatusWords: false,
                    unknownJob: ProviderJobID(
                        "projects/sandbox/locations/us-central1/publishers/google/models/\(Self.veo)/operations/0")))
        }
    }
}
