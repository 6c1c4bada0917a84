import RushesClient
import RushesWire
import Testing

extension EndToEndWaiting {
    /// Real prompts through the real server and sandbox: every task ends as its marker says, to the micro-credit.
    @Suite struct MarkerTests {
        private static let sheet = Sheet(parts: [
            .init(marker: "", count: 20, failure: nil),
            .init(marker: "[sim:429]", count: 8, failure: nil),
            .init(marker: "[sim:drop]", count: 8, failure: nil),
            .init(marker: "[sim:slow=2]", count: 8, failure: nil),
            .init(marker: "[sim:fail]", count: 8, failure: "provider_error"),
            .init(marker: "[sim:500]", count: 8, failure: "provider_error"),
            .init(marker: "[sim:moderation]", count: 8, failure: "moderated"),
            .init(marker: "[sim:corrupt]", count: 8, failure: "storage_error"),
            .init(marker: "[sim:truncated]", count: 8, failure: "storage_error"),
            .init(marker: "[sim:timeout]", count: 8, failure: "timed_out"),
            .init(marker: "[sim:unknown-status]", count: 6, failure: "timed_out"),
            .init(marker: "[sim:late]", count: 2, failure: "timed_out"),
        ])

        @Test("100 prompts with every marker end as the table says, with exact money", .timeLimit(.minutes(2)))
        func everyMarker() async throws {
            try await Stage.with(Stage.Plan(deadlineSeconds: 25)) { stage in
                let account = try await stage.account(package: "pack_2000")
                let file = Self.sheet.file(requestID: "markers")
                let created = try await stage.withClient(key: account.key) { try await $0.submit(file).batch }
                #expect(created.frozenMicros == 100 * 490_000 && created.counts.total == 100)
                let batch = try await stage.ended(created.id, account, within: 90)
                let (tasks, wallet, ledger) = try await stage.withClient(key: account.key) { client in
                    (
                        try await client.allTasks(of: batch.id), try await client.wallet(),
                        try await client.wholeLedger(batch: batch.id)
                    )
                }
                Self.sheet.expect(tasks, unitPrice: 490_000)
                Self.sheet.expect(batch, wallet, unitPrice: 490_000)
                #expect(tasks.filter { $0.prompt.contains("[sim:500]") }.allSatisfy { $0.attempts == 3 })
                #expect(Self.charged(ledger) == batch.chargedMicros)
                #expect(ledger.count <= 60)
                try await stage.expectSound()
            }
        }

        private static func charged(_ ledger: [LedgerEntryBody]) -> Int64 {
            ledger.filter { $0.account.hasPrefix("consumed:") }.reduce(0) { $0 + $1.amountMicros }
        }
    }
}
