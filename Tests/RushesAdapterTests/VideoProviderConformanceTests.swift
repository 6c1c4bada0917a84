import RushesProviders
import RushesTesting
import Testing

@Suite("The OpenAI adapter against the sandbox")
struct VideoProviderConformanceTests {
    @Test(arguments: VideoProviderConformance.cases)
    func rule(_ rule: ConformanceCase<ProviderUnderTest>) async throws {
        try await TemporaryFolder.with { folder in
            try await ProviderFixture.withSandbox(folder: folder) { provider in
                try await rule.check(
                    ProviderUnderTest(
                        provider: provider, model: "sora-2", seconds: 4, size: "1280x720",
                        environment: ProviderFixture.environment))
            }
        }
    }
}
