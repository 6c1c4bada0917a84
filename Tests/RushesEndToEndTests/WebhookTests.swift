import Foundation
import Testing

extension EndToEnd {
    /// Webhooks of the real server, captured off the socket and verified by the libraries that receivers use.
    @Suite struct WebhookTests {
        @Test(
            "every message is good in standardwebhooks and svix, through a rotation of secrets",
            .timeLimit(.minutes(5)))
        func verified() async throws {
            let python = SDKTests.folder + "/webhooks-1/bin/python"
            try #require(
                FileManager.default.isExecutableFile(atPath: python),
                "\(python) is missing; run scripts/sdk-environments")
            try await Stage.with(Stage.Plan(speed: 400, sendsWebhooksHere: true)) { stage in
                let account = try await stage.account(package: "pack_2000")
                let folder = try TemporaryFolder()
                let outcome = try await SDKTests.run(
                    python, ["scripts/check-webhooks.py", stage.baseURL, account.key], in: folder.path)
                #expect(outcome.status == 0, "\(outcome.output)")
                #expect(outcome.output.contains("all messages are good"), "\(outcome.output)")
                try await stage.expectSound()
            }
        }
    }
}
