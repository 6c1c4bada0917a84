import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Disputes of payments", .onEachDatabase)
struct DisputeTests {
    @Test(
        "a wallet freezes nothing while a payment is disputed, and goes on when it is won",
        arguments: TestDatabase.allCases)
    func won(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let bought = try await world.buyPackage("bank-1")
            let before = try await world.create(10, requestID: "before")
            let first = try await world.openDispute(of: bought, "cb-1")
            let second = try await world.openDispute(of: bought, "cb-1")
            #expect(!first.isReplay && second.isReplay && second.dispute == first.dispute)
            await #expect(throws: Refusal.walletSuspended) { try await world.create(10, requestID: "during") }
            // The key was free, an equal repeat is answered, and a running batch finishes.
            #expect(try await world.create(10, requestID: "before").id == before.id)
            let draft = BatchDraft(
                requestID: "q", model: "sora-2", tasks: (0..<10).map { TaskDraft(prompt: "prompt \($0)") })
            let quote = try await world.batches.quote(draft, for: world.organization)
            #expect(!quote.canStart && quote.refusal == .suspended)
            #expect(try await CreditService(world.engine).wallet(of: world.organization).isSuspended)
            try await world.run(seconds: 10)
            #expect(try await world.batch(before.id).status == .completed)
            try await world.expectIntact()
            for _ in 1...2 {
                let won = try await world.operators.decideDispute(first.dispute.id, .won, by: "ada")
                #expect(won.state == .won && won.loss == .zero)
            }
            await #expect(throws: Refusal.disputeRefused(.isDecided(.won))) {
                try await world.operators.decideDispute(first.dispute.id, .lost, by: "ada")
            }
            _ = try await world.create(10, requestID: "during")
            // A bank may ask again, by another reference.
            let again = try await world.openDispute(of: bought, "cb-2").dispute
            #expect(again.id != first.dispute.id)
            #expect(
                try await world.operators.disputes(of: world.organization).map(\.id) == [again.id, first.dispute.id])
            try await world.expectIntact()
        }
    }

    @Test("a lost payment takes what is left, and what was used is a loss", arguments: TestDatabase.allCases)
    func lost(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            _ = try await world.operators.setTax(basisPoints: 1_900, of: world.organization)
            let bought = try await world.buyPackage("bank-1")
            _ = try await world.create(10, requestID: "used")
            try await world.run(seconds: 10)
            let running = try await world.create(10, requestID: "running")
            let dispute = try await world.openDispute(of: bought, "cb-1").dispute
            let refused = Refusal.disputeRefused(.isDisputed(dispute.id))
            await #expect(throws: refused) { try await world.openDispute(of: bought, "cb-2") }
            await #expect(throws: refused) {
                try await world.operators.refundPurchase(bought, reference: "back", reason: "asked", by: "ada")
            }
            // Ten videos are still being made: they may be charged.
            #expect(try await world.operators.decideDispute(dispute.id, .lost, by: "ada").state == .lost)
            #expect(try await Expirer(world.engine).step() == 0)
            await #expect(throws: Refusal.walletSuspended) { try await world.create(10, requestID: "no") }
            try await world.run(seconds: 10)
            #expect(try await world.batch(running.id).status == .completed)
            #expect(try await Expirer(world.engine).step() == 0)
            let gone = try await world.operators.decideDispute(dispute.id, .lost, by: "ada")
            // 2,000 dollars and 380 of tax were paid. 9.80 credits were charged: floor(9.80 x 2000 / 2276.20) is
            // earned, the rest goes back with 19 % of it, and what that leaves is lost.
            let earned: Int64 = 8_610_842
            let back = 2_000_000_000 - earned
            let tax = TaxRate(trusted: 1_900).tax(on: Dollars(micros: back))
            #expect(gone.state == .chargedBack)
            #expect(gone.loss == Dollars(micros: 2_380_000_000 - back) - tax)
            let record = try await world.operators.purchase(bought, of: world.organization)
            #expect(record.intent.state == .refunded && record.refund?.cash == Dollars(micros: back))
            #expect(record.refund?.tax == tax && record.refund?.reference == "dispute:cb-1")
            #expect(try await world.wallet() == [0, 0])
            #expect(try await world.cash() == 0)
            #expect(try await world.invoices().map(\.kind) == [.creditNote, .invoice])
            await #expect(throws: Refusal.disputeRefused(.isDisputed(dispute.id))) {
                try await world.openDispute(of: bought, "cb-3")
            }
            // Another payment is another thing.
            try await world.topUp(100_000_000)
            _ = try await world.create(10, requestID: "after")
            try await world.expectIntact()
        }
    }

    @Test("a part of a payment takes the credits that it bought, and no more", arguments: TestDatabase.allCases)
    func part(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            _ = try await world.operators.setTax(basisPoints: 1_900, of: world.organization)
            let bought = try await world.buyPackage("bank-1")
            let amount = Dollars(micros: 119_000_000)
            for wrong in [Dollars.zero, Dollars(micros: -1)] {
                await #expect(throws: Refusal.self) { try await world.openDispute(of: bought, "cb-1", wrong) }
            }
            let kept = Dollars(micros: 2_380_000_000)
            await #expect(throws: Refusal.disputeRefused(.exceedsKept(kept))) {
                try await world.openDispute(of: bought, "cb-1", Dollars(micros: kept.micros + 1))
            }
            let running = try await world.create(10, requestID: "running")
            let dispute = try await world.openDispute(of: bought, "cb-1", amount).dispute
            #expect(try await world.openDispute(of: bought, "cb-1", amount).isReplay)
            await #expect(throws: Refusal.disputeMismatch(reference: "cb-1")) {
                try await world.openDispute(of: bought, "cb-1")
            }
            #expect(try await world.operators.decideDispute(dispute.id, .lost, by: "ada").state == .lost)
            try await world.run(seconds: 10)
            #expect(try await world.batch(running.id).status == .completed)
            let gone = try await world.operators.decideDispute(dispute.id, .lost, by: "ada")
            // 100 of the 119 dollars are net: they bought 113.81 credits. What waited for these went back, the rest is
            // lost: the tax, which stays owed.
            #expect(gone.state == .chargedBack && abs(gone.loss.micros - 19_000_000) <= 1)
            #expect(try await world.wallet() == [2_276_200_000 - 4_900_000 - 113_810_000, 0])
            #expect(try await world.cash() == kept.micros - amount.micros)
            #expect(try await world.invoices().map(\.kind) == [.invoice])
            let day = Timestamp(milliseconds: world.clock.now.milliseconds / 86_400_000 * 86_400_000)
            let margins = try await world.operators.margins(from: day, to: day.adding(seconds: 86_400))
            #expect(margins.total.disputeLoss == gone.loss)
            #expect(margins.total.margin == margins.total.revenue - margins.total.cost - gone.loss)
            #expect(margins.lines.filter { $0.subject.model == "" }.map(\.line.disputeLoss) == [gone.loss])
            _ = try await world.create(10, requestID: "after")
            try await world.run(seconds: 10)
            try await world.expectIntact()
        }
    }

    @Test("a part that is more than what is left takes all of it, and the whole of it is as no part")
    func largeParts() async throws {
        try await EngineWorld.with { world in
            let whole = try await world.buyPackage("bank-1")
            let all = try await world.openDispute(of: whole, "cb-1", Dollars(micros: 2_000_000_000)).dispute
            #expect(try await world.operators.decideDispute(all.id, .lost, by: "ada").loss == .zero)
            #expect(try await world.invoices().map(\.kind) == [.creditNote, .invoice])
            try await world.topUp(10_000_000)
            let used = try #require(
                try await world.database.read { try $0.purchase(reference: "topup-1") }?.id)
            _ = try await world.create(10, requestID: "used")
            try await world.run(seconds: 10)
            let part = try await world.openDispute(of: used, "cb-2", Dollars(micros: 9_000_000)).dispute
            let gone = try await world.operators.decideDispute(part.id, .lost, by: "ada")
            // 5.10 dollars were left and are gone, 3.90 had been used.
            #expect(gone.loss == Dollars(micros: 3_900_000))
            #expect(try await world.wallet() == [0, 0])
            #expect(try await world.cash() == 1_000_000)
            try await world.expectIntact()
        }
    }

    @Test("what was paid back is not lost again", arguments: TestDatabase.allCases)
    func afterARefund(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let untouched = try await world.buyPackage("bank-1")
            _ = try await world.operators.refundPurchase(untouched, reference: "back-1", reason: "asked", by: "ada")
            await #expect(throws: Refusal.disputeRefused(.nothingIsKept)) {
                try await world.openDispute(of: untouched, "cb-1")
            }
            let used = try await world.buyPackage("bank-2")
            _ = try await world.create(10, requestID: "used")
            try await world.run(seconds: 10)
            _ = try await world.operators.refundPurchase(used, reference: "back-2", reason: "asked", by: "ada")
            let dispute = try await world.openDispute(of: used, "cb-2").dispute
            let gone = try await world.operators.decideDispute(dispute.id, .lost, by: "ada")
            #expect(gone.state == .chargedBack && gone.loss == Dollars(micros: 4_305_421))
            #expect(try await world.cash() == 0)
            try await world.expectIntact()
        }
    }

    @Test("a reference names one dispute, and only a granted purchase is disputed", arguments: TestDatabase.allCases)
    func references(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let (first, second) = (try await world.buyPackage("bank-1"), try await world.buyPackage("bank-2"))
            _ = try await world.openDispute(of: first, "cb-1")
            await #expect(throws: Refusal.disputeMismatch(reference: "cb-1")) {
                try await world.openDispute(of: second, "cb-1")
            }
            let pending = try await PurchaseService(world.engine).open(
                .topup(Credits(micros: 5)), requestID: "po-1", for: world.organization
            ).intent.id
            for purchase in [pending, PurchaseID(trusted: "pur_x")] {
                await #expect(throws: Refusal.notFound) { try await world.openDispute(of: purchase, "cb-2") }
            }
            await #expect(throws: Refusal.notFound) {
                try await world.operators.decideDispute(DisputeID(trusted: "dsp_x"), .won, by: "ada")
            }
            // Two payments in dispute: the wallet waits for both.
            let other = try await world.openDispute(of: second, "cb-2").dispute
            _ = try await world.operators.decideDispute(other.id, .won, by: "ada")
            #expect(try await CreditService(world.engine).wallet(of: world.organization).isSuspended)
            try await world.expectIntact()
        }
    }
}

extension EngineWorld {
    fileprivate func buyPackage(_ reference: String) async throws -> PurchaseID {
        try await operators.confirmPurchase(.package("pack_2000"), for: organization, reference: reference).purchase.id
    }

    @discardableResult
    fileprivate func openDispute(
        of purchase: PurchaseID, _ reference: String, _ amount: Dollars? = nil
    ) async throws -> (dispute: Dispute, isReplay: Bool) {
        try await operators.openDispute(
            of: purchase, amount: amount, reference: reference, reason: "unknown", by: "ada")
    }

    fileprivate func cash() async throws -> Int64 {
        let organization = organization
        return try await database.read { reader in
            try reader.query(
                """
                SELECT CAST(COALESCE(SUM(amount_micros), 0) AS BIGINT) FROM credit_ledger
                WHERE organization_id = $1 AND account = 'cash'
                """, [.text(organization.rawValue)])[0].integer(0)
        }
    }

    fileprivate func invoices() async throws -> [Invoice] {
        let organization = organization
        return try await database.read { try $0.invoices(of: organization, before: nil, limit: 10) }
    }
}
