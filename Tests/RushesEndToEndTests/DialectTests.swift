import Foundation
import RushesClient
import RushesWire
import Testing

extension EndToEndWaiting {
    /// Accounts in every dialect, and models that move between them while the server runs.
    @Suite struct DialectTests {
        private static func batch(_ requestID: String, _ prompts: [String]) -> BatchFile {
            let csv = "prompt\r\n" + prompts.map { "\($0)\r\n" }.joined()
            return BatchFile(
                format: .csv, bytes: Array(csv.utf8), requestID: requestID, model: "veo-pro", name: requestID)
        }

        @Test(
            "a model is pointed to another dialect by the catalogue alone, while the server runs",
            .timeLimit(.minutes(3)))
        func repointing() async throws {
            try await Stage.with(Stage.Plan(hasOwnSandbox: true, hasVeoAccounts: true)) { stage in
                let account = try await stage.account(micros: 500_000_000)
                for (name, dialect) in [("openai", "openai"), ("veo", "vertex"), ("gem", "gemini")] {
                    try await stage.route("veo-pro", to: name, parameters: ["via": .string(name), "seed": .integer(7)])
                    let before = try await stage.acceptedByDialect()[dialect] ?? 0
                    // The drop is found by listing, or in the bucket; the Gemini form has neither.
                    let last = dialect == "gemini" ? "e" : "e [sim:drop]"
                    let file = Self.batch("to-\(dialect)", ["a", "b", "c", "d", last])
                    let created = try await stage.withClient(key: account.key) { try await $0.submit(file).batch }
                    let batch = try await stage.ended(created.id, account, within: 60)
                    #expect(batch.status == "completed", "\(dialect): \(batch.counts)")
                    #expect(try await stage.acceptedByDialect()[dialect] ?? 0 == before + 5)
                    #expect(try await stage.acceptedByParameter()["via=\"\(name)\""] == 5)
                }
                let submissions = try await stage.submissionsPerTask()
                #expect(submissions.count == 15 && submissions.values.allSatisfy { $0 == 1 })
                #expect(try await stage.acceptedByParameter()["seed=7"] == 15)
                try await stage.expectSound()
            }
        }

        @Test("secrets of accounts show nowhere", .timeLimit(.minutes(3)))
        func canary() async throws {
            let plan = Stage.Plan(hasOwnSandbox: true, hasVeoAccounts: true, apiKey: "canary-5f1c77", logLevel: "trace")
            try await Stage.with(plan) { stage in
                let account = try await stage.account(micros: 500_000_000)
                for name in ["openai", "veo", "gem", "wrong"] {
                    try await stage.route("veo-pro", to: name)
                    let file = Self.batch(
                        "at-\(name)", ["a", "b [sim:fail]", "c [sim:moderation]", "d [sim:quota]", "e"])
                    let created = try await stage.withClient(key: account.key) { try await $0.submit(file).batch }
                    // What is refused for want of credit or of the right key waits; only traces matter here.
                    for _ in 0..<100 {
                        let counts = try await stage.withClient(key: account.key) {
                            try await $0.batch(created.id).counts
                        }
                        if counts.succeeded >= 2 || (name == "wrong" && counts.total > 0) { break }
                        try await Task.sleep(for: .milliseconds(100))
                    }
                }
                try await Task.sleep(for: .seconds(1))
                let shown = try await stage.text(of: "/metrics")
                let duration = #"rushes_task_duration_ms_bucket{model="veo-pro",outcome="delivered",le="600000"}"#
                #expect(shown.contains(duration))
                _ = await stage.stopServer()
                let key = try stage.serviceAccountKey()
                let canaries = ["canary-5f1c77", "canary-wrong", "ya29.sandbox", key]
                for canary in canaries { #expect(!shown.contains(canary)) }
                for (path, bytes) in try stage.filesOfTheServer() {
                    for canary in canaries {
                        #expect(bytes.range(of: Data(canary.utf8)) == nil, "a secret stands in \(path)")
                    }
                }
            }
        }
    }
}
