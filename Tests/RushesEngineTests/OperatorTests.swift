import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Purchases and price books", .onEachDatabase)
struct OperatorTests {
    @Test("a purchase is granted once for its reference", arguments: TestDatabase.allCases)
    func purchase(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let buy: @Sendable (PurchaseOrder) async throws -> PurchaseReceipt = { order in
                try await world.operators.confirmPurchase(order, for: world.organization, reference: "bank-7")
            }
            let first = try await buy(.package("pack_2000"))
            let again = try await buy(.package("pack_2000"))
            #expect(!first.isReplay && again.isReplay && again.purchase == first.purchase)
            #expect(try await world.wallet() == [2_276_200_000, 0])
            let mismatch = Refusal.purchaseMismatch(reference: "bank-7")
            await #expect(throws: mismatch) { try await buy(.topup(Credits(micros: 5))) }
            let other = try await world.operators.createOrganization(named: "Other").organization
            await #expect(throws: mismatch) {
                try await world.operators.confirmPurchase(.package("pack_2000"), for: other, reference: "bank-7")
            }
            #expect(try await world.wallet() == [2_276_200_000, 0])
            #expect(try await world.rows("SELECT COUNT(*) FROM ledger_transaction") == [SQLRow([1])])
        }
    }

    @Test("what cannot be bought is refused and nothing is written")
    func refusedPurchases() async throws {
        try await EngineWorld.with { world in
            let written = try await world.written()
            let refusals: [(PurchaseOrder, String)] = [
                (.package("pack_9"), "r"), (.topup(.zero), "r"), (.topup(Credits(micros: .max)), "r"),
                (.topup(Credits(micros: 1)), ""), (.topup(Credits(micros: 1)), "two\nlines"),
            ]
            for (order, reference) in refusals {
                await #expect(throws: Refusal.self) {
                    try await world.operators.confirmPurchase(order, for: world.organization, reference: reference)
                }
            }
            await #expect(throws: Refusal.notFound) {
                try await world.operators.confirmPurchase(
                    .package("pack_2000"), for: OrganizationID(trusted: "org_x"), reference: "r")
            }
            #expect(try await world.written() == written)
        }
    }

    @Test("64 confirmations of one payment at once grant it once", .timeLimit(.minutes(1)))
    func concurrent() async throws {
        try await EngineWorld.with(.file) { world in
            let receipts = try await withThrowingTaskGroup(of: PurchaseReceipt.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await world.operators.confirmPurchase(
                            .package("pack_2000"), for: world.organization, reference: "bank-7")
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(receipts.count { !$0.isReplay } == 1)
            #expect(Set(receipts.map(\.purchase.id)).count == 1)
            #expect(try await world.wallet() == [2_276_200_000, 0])
        }
    }

    @Test("a price change applies to new batches only")
    func priceChange() async throws {
        try await EngineWorld.with { world in
            try await world.topUp(100_000_000)
            let old = try await world.create(10, requestID: "old").id
            #expect(try await world.operators.apply(.sample(Catalogue.sora(price: 600_000))) == 2)
            let new = try await world.create(10, requestID: "new")
            #expect(new.unitPrice == Credits(micros: 600_000) && new.priceVersion == 2)
            try await world.run(seconds: 10)
            #expect(try await world.batch(old).charged == Credits(micros: 4_900_000))
            #expect(try await world.batch(new.id).charged == Credits(micros: 6_000_000))
            #expect(try await world.wallet() == [100_000_000 - 10_900_000, 0])
        }
    }

    @Test("a catalogue may retire a model but not drop it")
    func droppedModel() async throws {
        try await EngineWorld.with { world in
            let veoOnly = Catalogue(models: [Catalogue.veo], packages: [])
            await #expect(throws: Refusal.self) { try await world.operators.apply(veoOnly) }
            let book = try await world.operators.priceBook()
            #expect(book?.version == 1)
        }
    }

    @Test("a key opens its organization only, and only with its secret")
    func keys() async throws {
        try await EngineWorld.with { world in
            let made = try await world.operators.createKey(for: world.organization, label: "second")
            let access = AccessService(world.engine)
            #expect(try await access.authenticate(made.secret.text)?.organization == world.organization)
            #expect(try await access.authenticate(made.secret.text + "x") == nil)
            #expect(try await access.authenticate("rsh_live_") == nil)
            let kept = try await world.rows("SELECT secret_hash FROM api_key")
            #expect(kept.allSatisfy { $0.values != [.text(made.secret.text)] })
        }
    }
}
