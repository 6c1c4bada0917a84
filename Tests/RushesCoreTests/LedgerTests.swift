import RushesCore
import Testing

@Suite struct LedgerTests {
    private let lots = [
        lot(1, paid: 2_000_000_000, face: 2_276_200_000), lot(2, paid: 0, face: 50_000_000, origin: .promo),
    ]

    private func sums(_ transaction: LedgerTransaction) -> [String: Int64] {
        transaction.entries.reduce(into: [:]) { $0[$1.account.unit, default: 0] += $1.amountMicros }
    }

    private func lines(_ transaction: LedgerTransaction) -> [String] {
        transaction.entries.map { "\($0.account.name) \($0.account.unit) \($0.amountMicros)" }
    }

    @Test func aPurchaseGrantsCreditsAndDefersTheCash() {
        let transaction = LedgerTransaction.purchase(of: lots[0], paymentReference: "bank-7")
        #expect(transaction.kind == .purchase)
        #expect(transaction.reference == "purchase:bank-7")
        #expect(transaction.batch == nil)
        #expect(
            lines(transaction) == [
                "issuance uCR -2276200000", "lot:\(lots[0].id):available uCR 2276200000", "cash uUSD 2000000000",
                "deferred:\(lots[0].id) uUSD -2000000000",
            ])
    }

    @Test func aGiftHasNoCashLines() {
        let transaction = LedgerTransaction.purchase(of: lots[1], paymentReference: "gift")
        #expect(transaction.entries.map(\.account) == [.issuance, .lotAvailable(id(2))])
    }

    @Test func aFreezeMovesCreditsFromFreeToFrozen() throws {
        let hold = try wallet(lots).freeze(id(5), count: 100, model: model(), at: moment(0))
        let transaction = LedgerTransaction.freeze(hold)
        #expect(transaction.kind == .freeze)
        #expect(transaction.reference == "freeze:\(BatchID(trusted: hold.batch.rawValue))")
        #expect(transaction.batch == id(5))
        #expect(
            lines(transaction) == [
                "lot:\(lots[1].id):available uCR -50000000", "lot:\(lots[1].id):held uCR 50000000",
                "lot:\(lots[0].id):available uCR -549000000", "lot:\(lots[0].id):held uCR 549000000",
            ])
    }

    @Test func aSettlementChargesRefundsAndRecognizes() throws {
        var hold = try wallet(lots).freeze(id(5), count: 100, model: model(), at: moment(0))
        let first = try hold.settle(succeeded: 10, failed: 1)
        let running = LedgerTransaction.settlement(
            first, of: hold, instalment: 1, model: "veo-pro", recognized: [(id(1), dollars(8_698_708))])
        #expect(running.kind == .settle)
        #expect(running.reference == "settle:\(hold.batch):1")
        #expect(
            lines(running) == [
                "lot:\(lots[1].id):held uCR -50000000",
                "lot:\(lots[0].id):held uCR -15890000", "lot:\(lots[0].id):available uCR 5990000",
                "consumed:veo-pro uCR 59900000",
                "deferred:\(lots[0].id) uUSD 8698708", "revenue:veo-pro uUSD -8698708",
            ])
        let last = try hold.settle(succeeded: 10, failed: 90)
        let final = LedgerTransaction.settlement(last, of: hold, instalment: 2, model: "veo-pro", recognized: [])
        #expect(final.kind == .finalize)
        #expect(final.reference == "finalize:\(hold.batch)")
        #expect(final.entries.map(\.account) == [.lotHeld(id(1)), .lotAvailable(id(1))])
    }

    @Test func everyPostingOfRandomHistoriesBalancesInEachUnit() throws {
        for seed in 0..<300 {
            var chance = Chance(seed: UInt64(seed))
            var hold = HoldTests.randomHold(&chance)
            #expect(sums(.freeze(hold)).values.allSatisfy { $0 == 0 })
            while !hold.isClosed {
                let ended = chance.between(1, hold.tail - hold.head)
                let failed = chance.between(0, ended)
                let settlement = try hold.settle(
                    succeeded: hold.head + ended - failed, failed: hold.count - hold.tail + failed)
                let transaction = LedgerTransaction.settlement(
                    settlement, of: hold, instalment: 1, model: "m",
                    recognized: settlement.captures.map { ($0.lot, dollars($0.amount.micros / 2)) })
                #expect(sums(transaction).values.allSatisfy { $0 == 0 })
                #expect(transaction.entries.allSatisfy { $0.amountMicros != 0 })
            }
        }
    }

    @Test(arguments: [
        (LedgerAccount.issuance, "issuance", "uCR"), (.consumed(model: "sora-2"), "consumed:sora-2", "uCR"),
        (.lotAvailable(id(1)), "lot:lot_00000000000000000000000001:available", "uCR"),
        (.lotHeld(id(1)), "lot:lot_00000000000000000000000001:held", "uCR"), (.cash, "cash", "uUSD"),
        (.deferred(id(1)), "deferred:lot_00000000000000000000000001", "uUSD"),
        (.revenue(model: "sora-2"), "revenue:sora-2", "uUSD"),
    ])
    func accountsHaveTheirNamesAndUnits(account: LedgerAccount, name: String, unit: String) {
        #expect(account.name == name)
        #expect(account.unit == unit)
    }

    @Test func theCanonicalBytesAreGolden() {
        let position = LedgerPosition(
            organization: id(1), transaction: id(2), sequence: 3, createdAt: moment(4), availableAfter: credits(5),
            heldAfter: credits(6), previousHash: LedgerChain.genesis)
        let bytes = LedgerChain.canonicalBytes(
            position, kind: "freeze", reference: "freeze:x", batch: id(7),
            lines: [("issuance", "uCR", -8), ("cash", "uUSD", 9)])
        let text = """
            rushes-ledger-v1
            0000000000000000000000000000000000000000000000000000000000000000
            org_00000000000000000000000001
            3
            ltx_00000000000000000000000002
            1800000000004
            freeze
            freeze:x
            bat_00000000000000000000000007
            5
            6
            2
            issuance uCR -8
            cash uUSD 9

            """
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        let without = LedgerChain.canonicalBytes(position, kind: "purchase", reference: "p", batch: nil, lines: [])
        #expect(String(decoding: without, as: UTF8.self).hasSuffix("\npurchase\np\n-\n5\n6\n0\n"))
    }
}
