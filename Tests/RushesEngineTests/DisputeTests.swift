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
        of purchase: PurchaseID, _ reference: String
    ) async throws -> (dispute: Dispute, isReplay: Bool) {
        try await operators.openDispute(of: purchase, reference: reference, reason: "unknown", by: "ada")
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
