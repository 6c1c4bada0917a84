import Foundation
import Testing

extension EndToEnd {
    /// The newcomer's first minute.
    @Suite struct DemoTests {
        @Test("the demo ends with refunds, ledger, arithmetic and playable files", .timeLimit(.minutes(2)))
        func demo() async throws {
            let folder = try TemporaryFolder()
            let outcome = try await RushesBinary.run(["demo", "--data-dir", folder.path])
            try #require(outcome.status == 0, "\(outcome.stdout)\n\(outcome.stderr)")
            for text in [
                "granted $2,276.20", "provider_error", "moderated", "timed_out", "+$0.49", "consumed:sora-2",
                "10 MP4 files", "export RUSHES_API_KEY=", "curl ",
            ] {
                #expect(outcome.stdout.contains(text), "\(text) is missing in\n\(outcome.stdout)")
            }
            let videos = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/videos")
            #expect(videos.count == 10 && videos.allSatisfy { $0.hasSuffix(".mp4") })
            let rights = try FileManager.default.attributesOfItem(atPath: folder.path + "/credentials.json")
            #expect(rights[.posixPermissions] as? Int == 0o600)
            #expect(!outcome.stdout.contains("rsh_") && !outcome.stderr.contains("rsh_"))
        }
    }
}
