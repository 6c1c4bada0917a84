import RushesCore
import RushesDatabase
import RushesEngine
import RushesStore
import RushesTesting
import Testing

@Suite("Credits: purchases, gifts, corrections, refunds, expiry", .onEachDatabase)
struct CreditTests {
    @Test("credits come when the payment is confirmed, once", arguments: TestDatabase.allCases)
    func pendingPurchase(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let purchases = PurchaseService(world.engine)
            let opened = try await purchases.open(.package("pack_2000"), requestID: "po-1", for: world.organization)
            #expect(opened.intent.state == .pending && !opened.isReplay)
            #expect(try await world.wallet() == [0, 0])
            let again = try await purchases.open(.package("pack_2000"), requestID: "po-1", for: world.organization)
            #expect(again.intent == opened.intent && again.isReplay)
            await #expect(throws: Refusal.idempotencyMismatch(pointer: "/package")) {
                try await purchases.open(.package("pack_5000"), requestID: "po-1", for: world.organization)
            }
            let id = opened.intent.id
            let first = try await world.operators.confirmPurchase(id, reference: "bank-1")
            let second = try await world.operators.confirmPurchase(id, reference: "bank-1")
            #expect(!first.isReplay && second.isReplay && second.purchase == first.purchase)
            await #expect(throws: Refusal.purchaseChanged(IllegalPurchaseChange(from: .granted, to: .granted))) {
                try await world.operators.confirmPurchase(id, reference: "bank-2")
            }
            await #expect(throws: Refusal.purchaseChanged(IllegalPurchaseChange(from: .granted, to: .cancelled))) {
                try await purchases.cancel(id, of: world.organization)
            }
            #expect(try await world.wallet() == [2_276_200_000, 0])
            let record = try await purchases.purchase(id, of: world.organization)
            #expect(record.intent.state == .granted && record.purchase == first.purchase)
            try await world.expectIntact()
        }
    }

    @Test("a purchase that was called off is never granted", arguments: TestDatabase.allCases)
    func cancelledPurchase(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let purchases = PurchaseService(world.engine)
            let id = try await purchases.open(
                .topup(Credits(micros: 5)), requestID: "po-1", for: world.organization
            ).intent.id
            for _ in 1...2 {
                #expect(try await purchases.cancel(id, of: world.organization).intent.state == .cancelled)
            }
            await #expect(throws: Refusal.purchaseChanged(IllegalPurchaseChange(from: .cancelled, to: .granted))) {
                try await world.operators.confirmPurchase(id, reference: "bank-1")
            }
            await #expect(throws: Refusal.notFound) {
                try await world.operators.confirmPurchase(PurchaseID(trusted: "pur_x"), reference: "bank-1")
            }
            #expect(try await world.wallet() == [0, 0])
        }
    }

    @Test("a customer has at most so many purchases that wait")
    func pendingLimit() async throws {
        try await EngineWorld.with { world in
            let purchases = PurchaseService(world.engine)
            for number in 1...Limits.purchasesPendingMax {
                _ = try await purchases.open(
                    .topup(Credits(micros: 5)), requestID: "po-\(number)", for: world.organization)
            }
            await #expect(throws: Refusal.tooManyPendingPurchases) {
                try await purchases.open(.topup(Credits(micros: 5)), requestID: "po", for: world.organization)
            }
        }
    }

    @Test("what is left of a purchase is paid back to the micro, once", arguments: TestDatabase.allCases)
    func refund(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            let bought = try await world.operators.confirmPurchase(
                .package("pack_2000"), for: world.organization, reference: "bank-1"
            ).purchase
            let batch = try await world.create(10, requestID: "r").id
            let refund: @Sendable () async throws -> (refund: PurchaseRefund, isReplay: Bool) = {
                try await world.operators.refundPurchase(bought.id, reference: "back-1", reason: "asked", by: "ada")
            }
            await #expect(throws: Refusal.refundRefused(.creditsAreHeld(Credits(micros: 4_900_000)))) {
                try await refund()
            }
            try await world.run(seconds: 10)
            let charged = try await world.batch(batch).charged
            #expect(charged == Credits(micros: 4_900_000))
            let first = try await refund()
            // 2,000 dollars less floor(4.90 x 2000 / 2276.20).
            #expect(first.refund.cash == Dollars(micros: 2_000_000_000 - 4_305_421))
            #expect(first.refund.credits == Credits(micros: 2_276_200_000 - 4_900_000))
            let second = try await refund()
            #expect(!first.isReplay && second.isReplay && second.refund == first.refund)
            await #expect(throws: Refusal.self) {
                try await world.operators.refundPurchase(bought.id, reference: "back-2", reason: "again", by: "ada")
            }
            #expect(try await world.wallet() == [0, 0])
            try await world.expectIntact()
        }
    }

    @Test("a gift is drawn first, and what is left of it goes at its date", arguments: TestDatabase.allCases)
    func gift(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(100_000_000)
            let order = world.gift(micros: 10_000_000, seconds: 60)
            let first = try await world.operators.grant(order)
            let second = try await world.operators.grant(order)
            #expect(!first.isReplay && second.isReplay && first.grant == second.grant)
            await #expect(throws: Refusal.grantMismatch(reference: "gift-1")) {
                try await world.operators.grant(world.gift(micros: 9, seconds: 60))
            }
            _ = try await world.create(10, requestID: "r")
            try await world.run(seconds: 20)
            #expect(try await world.wallet() == [105_100_000, 0])
            let expirer = Expirer(world.engine)
            #expect(try await expirer.step() == 0)
            world.clock.advance(seconds: 60)
            #expect(try await expirer.step() == 1)
            #expect(try await expirer.step() == 0)
            #expect(try await world.wallet() == [100_000_000, 0])
            await #expect(throws: Refusal.self) {
                try await world.operators.grant(world.gift(micros: 9, seconds: -1, reference: "late"))
            }
            try await world.expectIntact()
        }
    }

    @Test("credits held over their date come back with fourteen days", arguments: TestDatabase.allCases)
    func grace(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            _ = try await world.operators.grant(world.gift(micros: 4_900_000, seconds: 5))
            let batch = try await world.create(10, requestID: "r").id
            world.clock.advance(seconds: 6)
            #expect(try await Expirer(world.engine).step() == 0)
            _ = try await world.batches.cancel(batch, of: world.organization)
            try await world.run(seconds: 10)
            #expect(try await world.wallet() == [4_900_000, 0])
            world.clock.advance(seconds: 13 * 86_400)
            #expect(try await Expirer(world.engine).step() == 0)
            // They can be used again meanwhile.
            let draft = BatchDraft(
                requestID: "q", model: "sora-2", tasks: (0..<10).map { TaskDraft(prompt: "prompt \($0)") })
            #expect(try await world.batches.quote(draft, for: world.organization).refusal == nil)
            world.clock.advance(seconds: 86_400)
            #expect(try await Expirer(world.engine).step() == 1)
            #expect(try await world.wallet() == [0, 0])
            try await world.expectIntact()
        }
    }

    @Test("a correction takes two people, and is posted once", arguments: TestDatabase.allCases)
    func adjustments(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(1_000_000)
            for (amount, after) in [(Int64(500_000), Int64(1_500_000)), (-700_000, 800_000)] {
                let proposed = try await world.propose(amount)
                #expect(try await world.operators.adjustments(of: nil) == [proposed])
                await #expect(throws: Refusal.adjustmentRefused(.needsAnotherPerson)) {
                    try await world.operators.decideAdjustment(proposed.id, .approve, by: "ada")
                }
                let approved = try await world.operators.decideAdjustment(proposed.id, .approve, by: "bob")
                #expect(approved.state == .approved && approved.decidedBy == "bob")
                await #expect(throws: Refusal.adjustmentRefused(.alreadyDecided(.approved))) {
                    try await world.operators.decideAdjustment(proposed.id, .approve, by: "bob")
                }
                #expect(try await world.wallet() == [after, 0])
            }
            let tooMuch = try await world.propose(-800_001)
            let refusal = AdjustmentRefusal.insufficientCredits(
                needed: Credits(micros: 800_001), available: Credits(micros: 800_000))
            await #expect(throws: Refusal.adjustmentRefused(refusal)) {
                try await world.operators.decideAdjustment(tooMuch.id, .approve, by: "bob")
            }
            #expect(try await world.operators.decideAdjustment(tooMuch.id, .reject, by: "bob").state == .rejected)
            #expect(try await world.operators.adjustments(of: world.organization).count == 3)
            #expect(try await world.wallet() == [800_000, 0])
            try await world.expectIntact()
        }
    }

    @Test("the owner is told once when the wallet runs low", arguments: TestDatabase.allCases)
    func lowBalance(_ kind: TestDatabase) async throws {
        try await EngineWorld.with(kind) { world in
            try await world.topUp(10_000_000)
            let statement = try await world.credits.alert(below: Credits(micros: 6_000_000), of: world.organization)
            #expect(statement.lowBalance == Credits(micros: 6_000_000))
            func told() async throws -> [String] {
                try await world.credits.events(of: world.organization, after: 0, limit: 100).items.map(\.type)
                    .filter { $0.hasPrefix("wallet.") }
            }
            #expect(try await told() == ["wallet.topped_up"])
            _ = try await world.create(10, requestID: "one")
            #expect(try await told() == ["wallet.topped_up", "wallet.low_balance"])
            _ = try await world.create(10, requestID: "two")
            #expect(try await told().count == 2)
            try await world.topUp(20_000_000, reference: "more")
            // A wallet that is below its new mark already is told of at once.
            _ = try await world.credits.alert(below: Credits(micros: 50_000_000), of: world.organization)
            #expect(
                try await told() == [
                    "wallet.topped_up", "wallet.low_balance", "wallet.topped_up", "wallet.low_balance",
                ])
            let all = try await world.credits.events(of: world.organization, after: 0, limit: 100).items
            #expect(all.map(\.sequence) == Array(1...all.count))
            let rest = try await world.credits.events(of: world.organization, after: 2, limit: 1)
            #expect(rest.items == [all[2]] && rest.hasMore)
            await #expect(throws: Refusal.self) {
                try await world.credits.alert(below: .zero, of: world.organization)
            }
            try await world.expectIntact()
        }
    }

    @Test("freezes, payments, gifts and corrections of one wallet at once", .timeLimit(.minutes(10)))
    func mixed() async throws {
        try await EngineWorld.with(.file) { world in
            try await world.topUp(50_000_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 1...24 {
                    group.addTask {
                        switch number % 4 {
                        case 0: _ = try await world.create(10 + number % 5, requestID: "r-\(number)")
                        case 1:
                            _ = try await world.operators.grant(
                                world.gift(micros: 1_000_000, seconds: 3_600, reference: "g-\(number % 8)"))
                        case 2:
                            let proposed = try await world.propose(number % 8 == 2 ? 300_000 : -200_000)
                            _ = try await world.operators.decideAdjustment(proposed.id, .approve, by: "bob")
                        default:
                            _ = try await world.operators.confirmPurchase(
                                .package("pack_2000"), for: world.organization, reference: "bank-\(number % 8)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await world.run(seconds: 30)
            try await world.expectIntact()
        }
    }
}

extension EngineWorld {
    /// A gift with a date that stays the same while the clock moves.
    func gift(micros: Int64, seconds: Int, reference: String = "gift-1") -> GrantOrder {
        GrantOrder(
            organization: organization, origin: .promo, face: Credits(micros: micros),
            expiresAt: TestClock().now.adding(seconds: seconds), reference: reference, reason: "autumn", by: "ada")
    }

    fileprivate func propose(_ micros: Int64) async throws -> Adjustment {
        try await operators.proposeAdjustment(
            Adjustment.Proposal(
                organization: organization, amount: Credits(micros: micros), reason: "why", ticket: "T-1", by: "ada"))
    }
}
