import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Creating a batch", .onEachDatabase)
struct CreateTests {
    private static func draft(_ change: (inout BatchDraft) -> Void = { _ in }) -> BatchDraft {
        var draft = BatchDraft(
            requestID: "r-1", model: "sora-2", name: "Spring",
            tasks: (0..<10).map { TaskDraft(prompt: "prompt \($0)") },
            metadata: ["team": "a"], maxConcurrency: 4, windowHours: 30)
        change(&draft)
        return draft
    }

    @Test(
        "an equal request is answered as the first time, also when the batch has ended",
        arguments: TestDatabase.allCases)
    func replay(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            let first = try await world.batches.create(Self.draft(), for: world.organization)
            #expect(!first.isReplay && first.batch.status == .queued)
            try await world.run(seconds: 20)
            #expect(try await world.batch(first.batch.id).status == .completed)
            let written = try await world.written()
            // The same, with the default said in another way.
            let again = try await world.batches.create(
                Self.draft { draft in
                    draft.defaults.seconds = 4
                    draft.tasks[3].customID = "row-000004"
                }, for: world.organization)
            #expect(again.batch == first.batch && again.isReplay)
            #expect(try await world.written() == written)
        }
    }

    @Test("an equal request is answered also when the model was retired since")
    func replayOfRetired() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let first = try await world.batches.create(Self.draft(), for: world.organization)
            _ = try await world.operators.apply(.sample(Catalogue.sora(state: .retired)))
            let again = try await world.batches.create(Self.draft(), for: world.organization)
            #expect(again.batch == first.batch && again.isReplay)
            await #expect(throws: Refusal.modelRetired("sora-2")) { try await world.create(10, requestID: "new") }
        }
    }

    @Test("a model that no provider makes takes no batch and gives no quote, but answers an equal request")
    func unavailable() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            let first = try await world.batches.create(Self.draft(), for: world.organization)
            let lane = Catalogue.sora().route.lane
            _ = try await world.operators.control(lane, .killed, reason: nil)
            let written = try await world.written()
            await #expect(throws: Refusal.modelUnavailable("sora-2")) { try await world.create(10, requestID: "new") }
            var draft = Self.draft()
            draft.requestID = "new"
            let other = draft
            await #expect(throws: Refusal.modelUnavailable("sora-2")) {
                try await world.batches.quote(other, for: world.organization)
            }
            #expect(try await world.written() == written)
            #expect(try await world.batches.create(Self.draft(), for: world.organization).batch == first.batch)
            #expect(try await world.batches.models().map(\.isAvailable) == [false, true])
            _ = try await world.operators.control(lane, .running, reason: nil)
            #expect(try await world.create(10, requestID: "new").counts.total == 10)
        }
    }

    /// A request that differs in one member, with the pointer to it.
    struct Difference: Sendable, CustomTestStringConvertible {
        let pointer: String
        let change: @Sendable (inout BatchDraft) -> Void
        var testDescription: String { pointer }
    }

    private static let differences = [
        Difference(pointer: "/model") { draft in
            draft.model = "veo-pro"
        },
        Difference(pointer: "/name") { $0.name = nil },
        Difference(pointer: "/tasks/7/prompt") { $0.tasks[7].prompt = "another" },
        Difference(pointer: "/tasks/2/seconds") { $0.tasks[2].seconds = 8 },
        Difference(pointer: "/tasks/0/custom_id") { $0.tasks[0].customID = "a" },
        Difference(pointer: "/tasks/10") { $0.tasks.append(TaskDraft(prompt: "one more")) },
        Difference(pointer: "/metadata") { $0.metadata["team"] = "b" },
        Difference(pointer: "/max_concurrency") { $0.maxConcurrency = nil },
        Difference(pointer: "/window_hours") { $0.windowHours = 31 },
    ]

    @Test("another request under the key is refused and told where it differs", arguments: differences)
    func mismatch(_ difference: Difference) async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            _ = try await world.batches.create(Self.draft(), for: world.organization)
            let written = try await world.written()
            await #expect(throws: Refusal.idempotencyMismatch(pointer: difference.pointer)) {
                try await world.batches.create(Self.draft(difference.change), for: world.organization)
            }
            #expect(try await world.written() == written)
        }
    }

    @Test("another organization may use the same key")
    func scope() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            try await world.create(10)
            let other = try await world.operators.createOrganization(named: "Other").organization
            _ = try await world.operators.confirmPurchase(
                .topup(Credits(micros: 10_000_000)), for: other, reference: "topup-2")
            let receipt = try await world.batches.create(Self.draft(), for: other)
            #expect(!receipt.isReplay)
            await #expect(throws: Refusal.notFound) {
                try await world.batches.batch(receipt.batch.id, of: world.organization)
            }
        }
    }

    @Test("64 callers at once with one request: one batch and 63 replays", .timeLimit(.minutes(1)))
    func concurrent() async throws {
        try await EngineWorld.with(.file) { world in
            try await world.topUp(100_000_000)
            let receipts = try await withThrowingTaskGroup(of: BatchReceipt.self) { group in
                for _ in 0..<64 {
                    group.addTask { try await world.batches.create(Self.draft(), for: world.organization) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(receipts.map(\.batch.id)).count == 1)
            #expect(receipts.allSatisfy { $0.batch == receipts[0].batch })
            #expect(receipts.count { !$0.isReplay } == 1)
            #expect(try await world.rows("SELECT COUNT(*) FROM task") == [SQLRow([10])])
            #expect(try await world.wallet() == [95_100_000, 4_900_000])
        }
    }

    @Test(
        "a wallet one micro short is refused, nothing is written, and the key works after a top-up",
        arguments: TestDatabase.allCases)
    func oneMicroShort(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(4_899_999)
            let written = try await world.written()
            await #expect(
                throws: Refusal.insufficientCredits(
                    needed: Credits(micros: 4_900_000), available: Credits(micros: 4_899_999))
            ) { try await world.batches.create(Self.draft(), for: world.organization) }
            #expect(try await world.written() == written)
            try await world.topUp(1, reference: "topup-2")
            let receipt = try await world.batches.create(Self.draft(), for: world.organization)
            #expect(!receipt.isReplay)
            #expect(try await world.wallet() == [0, 4_900_000])
        }
    }

    @Test("the last four Veo videos of a package can be bought, a fifth cannot")
    func lastFour() async throws {
        try await EngineWorld.with { world in
            _ = try await world.operators.confirmPurchase(
                .package("pack_2000"), for: world.organization, reference: "bank-1")
            try await world.create(375, model: "veo-pro", requestID: "most")
            await #expect(throws: Refusal.belowMinimum(count: 4, minimum: 5)) {
                try await world.create(4, model: "veo-pro", requestID: "four")
            }
            // One cheap batch leaves less than five videos' worth: the minimum is waived.
            try await world.create(12, requestID: "cheap")
            #expect(try await world.wallet()[0] == 5 * 5_990_000 - 12 * 490_000)
            await #expect(throws: Refusal.self) { try await world.create(5, model: "veo-pro", requestID: "five") }
            try await world.create(4, model: "veo-pro", requestID: "four")
            #expect(try await world.wallet()[0] == 110_000)
            await #expect(throws: Refusal.self) { try await world.create(1, model: "veo-pro", requestID: "one") }
        }
    }

    @Test("a package is exactly its count of videos")
    func wholePackage() async throws {
        try await EngineWorld.with { world in
            _ = try await world.operators.confirmPurchase(
                .package("pack_2000"), for: world.organization, reference: "bank-1")
            try await world.create(376, model: "veo-pro", requestID: "most")
            try await world.create(4, model: "veo-pro", requestID: "rest")
            #expect(try await world.wallet() == [0, 2_276_200_000])
        }
    }

    @Test("a quote writes nothing and says why a batch would be refused")
    func quote() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(4_900_000)
            let written = try await world.written()
            let quote = try await world.batches.quote(Self.draft(), for: world.organization)
            #expect(quote.total == Credits(micros: 4_900_000) && quote.availableAfter == .zero)
            #expect(quote.refusal == nil && quote.priceVersion == 1 && quote.windowHours == 30)
            let dear = try await world.batches.quote(
                Self.draft { $0.tasks.append(TaskDraft(prompt: "x")) }, for: world.organization)
            #expect(dear.availableAfter == Credits(micros: -490_000))
            #expect(
                dear.refusal
                    == .insufficientCredits(
                        needed: Credits(micros: 5_390_000), available: Credits(micros: 4_900_000)))
            #expect(try await world.written() == written)
        }
    }

    @Test("invalid input and unknown models are refused before the key is looked at")
    func invalid() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(10_000_000)
            try await world.create(10)
            let written = try await world.written()
            await #expect(throws: Refusal.unknownModel("sora-9")) { try await world.create(10, model: "sora-9") }
            await #expect(throws: Refusal.self) { try await world.create(10) { _ in "" } }
            #expect(try await world.written() == written)
        }
    }
}
