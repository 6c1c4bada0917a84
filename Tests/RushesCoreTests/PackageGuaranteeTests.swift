import RushesCore
import Testing

/// A wallet in memory: lots, open holds, and the cash books, moved only by Core.
struct SimulatedWallet {
    var lots: [Lot]
    var revenue = Dollars.zero
    var successes = 0

    mutating func freeze(_ number: Int, count: Int, model: VideoModel) throws(FreezeRefusal) -> Hold {
        let hold = try wallet(lots).freeze(id(number), count: count, model: model, at: moment(0))
        for part in hold.parts { change(part.lot) { $0.hold(part.amount) } }
        return hold
    }

    mutating func settle(_ hold: inout Hold, succeeded: Int, failed: Int) throws(IllegalSettlement) {
        let before = hold.head
        let settlement = try hold.settle(succeeded: succeeded, failed: failed)
        var recognized = Dollars.zero
        for part in settlement.captures { change(part.lot) { recognized += $0.capture(part.amount) } }
        revenue += recognized
        for part in settlement.releases { change(part.lot) { $0.release(part.amount, at: Timestamp(milliseconds: 0)) } }
        successes += hold.head - before
    }

    private mutating func change(_ lot: LotID, _ body: (inout Lot) -> Void) {
        for index in lots.indices where lots[index].id == lot { body(&lots[index]) }
    }

    var available: Credits { lots.reduce(.zero) { $0 + $1.available } }
}

@Suite struct PackageGuaranteeTests {
    /// `(paid, face, videos)` in micros: the table of the price page.
    static let packages: [(paid: Int64, face: Int64, videos: Int)] = [
        (2_000_000_000, 2_276_200_000, 380), (5_000_000_000, 6_289_500_000, 1_050),
        (10_000_000_000, 13_777_000_000, 2_300),
    ]

    /// Batches of random sizes with random failures, several open at once, until the wallet can buy no video more.
    @Test(arguments: packages)
    func aPackageBuysExactlyItsVideosAndRecognizesWhatWasPaid(paid: Int64, face: Int64, videos: Int) throws {
        let veo = model()
        for seed in 0..<1_000 {
            var chance = Chance(seed: UInt64(seed) &* 7_919 &+ UInt64(videos))
            var purse = SimulatedWallet(lots: [lot(1, paid: paid, face: face)])
            var open: [Hold] = []
            var number = 0
            let failurePercent = chance.between(0, 60)
            while true {
                let affordable = purse.available.count(of: veo.unitPrice)
                if affordable > 0 && open.count < 4 {
                    number += 1
                    let wanted = affordable < veo.minBatch ? affordable : chance.between(veo.minBatch, affordable)
                    open.append(try purse.freeze(number, count: wanted, model: veo))
                    continue
                }
                if open.isEmpty { break }
                let index = chance.below(open.count)
                try Self.settleSome(&purse, &open[index], failurePercent: failurePercent, &chance)
                if open[index].isClosed { open.remove(at: index) }
            }
            try #require(purse.successes == videos)
            try #require(purse.revenue == dollars(paid))
            try #require(purse.available == .zero && purse.lots[0].captured == credits(face))
        }
    }

    static func settleSome(
        _ purse: inout SimulatedWallet, _ hold: inout Hold, failurePercent: Int, _ chance: inout Chance
    ) throws(IllegalSettlement) {
        let ended = chance.between(1, hold.tail - hold.head)
        let failed = (0..<ended).count { _ in chance.below(100) < failurePercent }
        try purse.settle(
            &hold, succeeded: hold.head + ended - failed, failed: hold.count - hold.tail + failed)
    }

    /// Promo 50.00 and the $2,000 lot; 100 Veo, 87 succeed.
    @Test func theWorkedExampleOfTheReferenceToTheMicro() throws {
        var purse = SimulatedWallet(lots: [
            lot(1, paid: 2_000_000_000, face: 2_276_200_000), lot(2, paid: 0, face: 50_000_000, origin: .promo),
        ])
        var hold = try purse.freeze(1, count: 100, model: model())
        #expect(hold.total == credits(599_000_000))
        #expect(
            hold.parts == [
                HoldPart(lot: id(2), amount: credits(50_000_000)), HoldPart(lot: id(1), amount: credits(549_000_000)),
            ])
        try purse.settle(&hold, succeeded: 87, failed: 13)
        #expect(hold.captured == credits(521_130_000))
        #expect(hold.released == credits(77_870_000))
        #expect(purse.lots[1].captured == credits(50_000_000))
        #expect(purse.lots[0].captured == credits(471_130_000))
        #expect(purse.lots[0].available == credits(1_805_070_000))
        #expect(purse.lots[1].available == .zero)
        #expect(purse.revenue == dollars(413_961_866))
        #expect(purse.lots[0].paid - purse.lots[0].recognized == dollars(1_586_038_134))
    }
}
