import Foundation
import RushesClient
import RushesWire
import Testing

extension EndToEnd {
    /// Keys, walls and rests: what happens to money at the edges.
    @Suite struct MoneyTests {
        private static func sheet(_ count: Int, model: String, requestID: String) -> BatchInput {
            BatchInput(
                requestID: requestID, model: model,
                tasks: (0..<count).map { TaskInput(prompt: "A paper boat, no. \($0)") })
        }

        @Test("one request_id is one batch, also for 64 callers at once", .timeLimit(.minutes(1)))
        func sameKey() async throws {
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(package: "pack_2000")
                let input = Self.sheet(12, model: "sora-2", requestID: "same")
                let answers = try await stage.withClient(key: account.key) { client in
                    try await withThrowingTaskGroup(of: Submission.self) { group in
                        for _ in 0..<64 { group.addTask { try await client.submit(input) } }
                        return try await group.reduce(into: []) { $0.append($1) }
                    }
                }
                #expect(answers.count == 64 && answers.filter { !$0.isReplay }.count == 1)
                #expect(answers.allSatisfy { $0.batch == answers[0].batch })
                try await Self.expectMismatch(stage, account, otherThan: input)
                let batches = try await stage.withClient(key: account.key) { try await $0.batches() }
                #expect(batches.data.map(\.id) == [answers[0].batch.id])
                try await stage.expectSound()
            }
        }

        private static func expectMismatch(
            _ stage: Stage, _ account: Stage.Account, otherThan input: BatchInput
        ) async throws {
            var other = input
            other.tasks[7].prompt = "A steam boat"
            let problem = try await refusal {
                try await stage.withClient(key: account.key) { try await $0.submit(other) }
            }
            #expect(problem.status == 422 && problem.code == "idempotency_mismatch")
            #expect(problem.errors?.first?.pointer == "/tasks/7/prompt")
        }

        @Test("a wallet one micro short is refused and the key stays free", .timeLimit(.minutes(1)))
        func oneMicroShort() async throws {
            try await Stage.with(Stage.Plan()) { stage in
                let account = try await stage.account(micros: 10 * 490_000 + 490_000 - 1)
                let input = Self.sheet(11, model: "sora-2", requestID: "short")
                let problem = try await refusal {
                    try await stage.withClient(key: account.key) { try await $0.submit(input) }
                }
                #expect(problem.status == 402 && problem.shortMicros == 1)
                let (wallet, batches) = try await stage.withClient(key: account.key) { client in
                    (try await client.wallet(), try await client.batches())
                }
                #expect(wallet.heldMicros == 0 && wallet.availableMicros == 11 * 490_000 - 1)
                #expect(batches.data.isEmpty)
                try await stage.topUp(account, micros: 1)
                let created = try await stage.withClient(key: account.key) { try await $0.submit(input) }
                #expect(!created.isReplay && created.batch.frozenMicros == 11 * 490_000)
                let ended = try await stage.ended(created.batch.id, account, within: 40)
                #expect(ended.status == "completed")
                try await stage.expectSound()
            }
        }

        @Test("the last four Veo videos of a package can be bought", .timeLimit(.minutes(1)))
        func lastFour() async throws {
            try await Stage.with(Stage.Plan(speed: 200)) { stage in
                let account = try await stage.account(package: "pack_2000")
                let most = Self.sheet(376, model: "veo-pro", requestID: "most")
                let last = Self.sheet(4, model: "veo-pro", requestID: "last")
                try await stage.withClient(key: account.key) { client in
                    let early = try await refusal { try await client.submit(last) }
                    #expect(early.status == 422)  // A minimum batch can still be paid, so the minimum holds.
                    let big = try await client.submit(most).batch
                    let rest = try await client.submit(last).batch
                    #expect(big.frozenMicros == 376 * 5_990_000 && rest.frozenMicros == 4 * 5_990_000)
                    let wallet = try await client.wallet()
                    #expect(wallet.availableMicros == 0 && wallet.totalMicros <= 2_276_200_000)
                    _ = try await client.cancel(big.id)
                }
                try await stage.expectSound()
            }
        }
    }
}

/// The problem that a call must be refused with.
private func refusal<Result>(_ call: () async throws -> Result) async throws -> ProblemBody {
    do {
        _ = try await call()
    } catch RushesClientError.refused(let problem, _) {
        return problem
    }
    return try #require(nil as ProblemBody?, "the call was not refused")
}
