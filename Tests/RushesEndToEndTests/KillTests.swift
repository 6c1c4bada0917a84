import RushesClient
import RushesWire
import Testing

extension EndToEnd {
    /// The server dies at any moment; what it promised stays true.
    @Suite struct KillTests {
        private static let sheet = Sheet(parts: [
            .init(marker: "", count: 24, failure: nil),
            .init(marker: "[sim:slow=6]", count: 8, failure: nil),
            .init(marker: "[sim:429]", count: 4, failure: nil),
            .init(marker: "[sim:drop]", count: 4, failure: nil),
            .init(marker: "[sim:fail]", count: 8, failure: "provider_error"),
            .init(marker: "[sim:moderation]", count: 8, failure: "moderated"),
            .init(marker: "[sim:corrupt]", count: 4, failure: "storage_error"),
        ])

        @Test("six kills at random moments change nothing about the end", .timeLimit(.minutes(4)))
        func kills() async throws {
            try await Stage.with(Stage.Plan(speed: 20, deadlineSeconds: 300, hasOwnSandbox: true)) { stage in
                let account = try await stage.account(package: "pack_2000")
                let file = Self.sheet.file(requestID: "kills")
                let created = try await stage.withClient(key: account.key) { try await $0.submit(file).batch }
                for _ in 0..<6 {
                    try await Task.sleep(for: .milliseconds(Int.random(in: 50...1_500)))
                    await stage.killServer()
                    try await stage.startServer()
                }
                let batch = try await stage.ended(created.id, account, within: 150)
                try await Self.expectExact(batch, account, stage)
                let again = try await stage.withClient(key: account.key) { try await $0.submit(file) }
                #expect(again.isReplay && again.batch == created)
                try await stage.expectSound()
            }
        }

        private static func expectExact(_ batch: BatchBody, _ account: Stage.Account, _ stage: Stage) async throws {
            let submissions = try await stage.submissionsPerTask()
            try await stage.withClient(key: account.key) { client in
                let tasks = try await client.allTasks(of: batch.id)
                sheet.expect(tasks, unitPrice: 490_000)
                sheet.expect(batch, try await client.wallet(), unitPrice: 490_000)
                for task in tasks where submissions[task.id, default: 0] > 1 {
                    let history = try await client.task(task.id).attemptHistory ?? []
                    let isExplained = history.dropLast().allSatisfy {
                        $0.outcome == "unknown" || $0.outcome == "failed"
                    }
                    #expect(isExplained, "\(task.id) was submitted again without an unknown outcome: \(history)")
                }
            }
        }
    }
}
