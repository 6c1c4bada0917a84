import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Creating batches of one wallet together", .onEachDatabase)
struct CreateTogetherTests {
    private static func draft(
        _ requestID: String, model: String = "sora-2", count: Int = 10, prompt: String = "a kite"
    ) -> BatchDraft {
        BatchDraft(
            requestID: requestID, model: model, name: nil,
            tasks: (0..<count).map { TaskDraft(prompt: "\(prompt) \($0)") }, metadata: [:], maxConcurrency: nil,
            windowHours: nil)
    }

    private static func create(_ drafts: [BatchDraft], in world: EngineWorld) async throws
        -> [Result<BatchReceipt, any Error>]
    {
        var creations: [BatchCreation] = []
        for draft in drafts { creations.append(try await world.batches.read(draft, for: world.organization)) }
        return try await world.batches.create(creations, for: world.organization)
    }

    @Test("each is decided on what the ones before it have left", arguments: TestDatabase.allCases)
    func money(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            // Batches of 10 cost 4.90: the second lot pays a part of the second one and all of the third.
            try await world.topUp(6_900_000, reference: "one")
            try await world.topUp(8_000_000, reference: "two")
            let results = try await Self.create(["a", "b", "c", "d"].map { Self.draft($0) }, in: world)
            let created = try results.prefix(3).map { try $0.get().batch }
            let refusal = Refusal.insufficientCredits(
                needed: Credits(micros: 4_900_000), available: Credits(micros: 200_000))
            #expect(throws: refusal) { try results[3].get() }
            let holds = try await world.database.read { reader in try created.map { try reader.hold(of: $0.id) } }
            #expect(
                holds.map { $0?.parts.map(\.amount.micros) } == [[4_900_000], [2_000_000, 2_900_000], [4_900_000]])
            let wallet = try await world.database.read { try $0.wallet(world.organization) }
            #expect(wallet?.available.micros == 200_000 && wallet?.held.micros == 14_700_000)
            try await world.expectIntact()
            try await world.run(seconds: 60)
            for batch in created { #expect(try await world.batch(batch.id).status == .completed) }
            try await world.expectIntact()
        }
    }

    @Test("one key twice is one batch; another request under it is told where it differs")
    func keys() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            let old = try await world.batches.create(Self.draft("old"), for: world.organization)
            let results = try await Self.create(
                [
                    Self.draft("new"), Self.draft("new"), Self.draft("new", prompt: "a boat"), Self.draft("old"),
                    Self.draft("old", count: 11),
                ], in: world)
            let first = try results[0].get()
            #expect(!first.isReplay)
            let (again, older) = (try results[1].get(), try results[3].get())
            #expect(again.batch == first.batch && again.isReplay)
            #expect(throws: Refusal.idempotencyMismatch(pointer: "/tasks/0/prompt")) { try results[2].get() }
            #expect(older.batch == old.batch && older.isReplay)
            #expect(throws: Refusal.idempotencyMismatch(pointer: "/tasks/10")) { try results[4].get() }
            try await world.expectIntact()
        }
    }

    @Test("many callers on one wallet: as many batches and transactions as requests, in one chain")
    func callers() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(1_000_000_000)
            let receipts = try await withThrowingTaskGroup(of: [BatchReceipt].self) { group in
                for caller in 0..<16 {
                    group.addTask {
                        var receipts: [BatchReceipt] = []
                        for number in 0..<8 {
                            receipts.append(
                                try await world.batches.create(
                                    Self.draft("\(caller)-\(number)"), for: world.organization))
                        }
                        return receipts
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(receipts.map(\.batch.id)).count == 128 && !receipts.contains(where: \.isReplay))
            let wallet = try await world.database.read { try $0.wallet(world.organization) }
            #expect(wallet?.ledgerSequence == 129 && wallet?.held.micros == 128 * 4_900_000)
            try await world.expectIntact()
        }
    }

    @Test("a draft read under an older price book is read again, and refused if it is wrong there")
    func priceBook() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            let old = try await world.batches.read(Self.draft("a"), for: world.organization)
            _ = try await world.operators.apply(.sample(Catalogue.sora(price: 500_000)))
            let results = try await world.batches.create([old], for: world.organization)
            #expect(try results[0].get().batch.unitPrice.micros == 500_000)
            _ = try await world.operators.apply(.sample(Catalogue.sora(seconds: [8])))
            let four = Self.draft("b")
            var explicit = four
            explicit.defaults.seconds = 4
            await #expect(throws: Refusal.self) {
                try await world.batches.create(explicit, for: world.organization)
            }
            #expect(try await world.batches.create(four, for: world.organization).batch.priceVersion == 3)
        }
    }
}
