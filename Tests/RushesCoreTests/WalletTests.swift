import RushesCore
import Testing

@Suite struct WalletTests {
    @Test func oneMicroShortIsRefusedWithTheFigures() throws {
        let exact = wallet([lot(1, paid: 1, face: 59_900_000)])
        #expect(try exact.freeze(id(1), count: 10, model: model(), at: moment(0)).total == credits(59_900_000))
        let short = wallet([lot(1, paid: 1, face: 59_899_999)])
        #expect(throws: FreezeRefusal.insufficientCredits(needed: credits(59_900_000), available: credits(59_899_999)))
        {
            try short.freeze(id(1), count: 10, model: model(), at: moment(0))
        }
    }

    @Test func theMinimumHoldsWhileItCanBePaid() {
        let rich = wallet([lot(1, paid: 1, face: 5 * 5_990_000)])
        #expect(throws: FreezeRefusal.belowMinimum(count: 4, minimum: 5)) {
            try rich.freeze(id(1), count: 4, model: model(), at: moment(0))
        }
    }

    @Test func theMinimumIsWaivedForTheRestOfAPackage() throws {
        let rest = wallet([lot(1, paid: 1, face: 5 * 5_990_000 - 1)])
        for count in 1...4 {
            #expect(try rest.freeze(id(1), count: count, model: model(), at: moment(0)).count == count)
        }
        #expect(throws: FreezeRefusal.self) { try rest.freeze(id(1), count: 5, model: model(), at: moment(0)) }
    }

    @Test func expiredLotsAreNotDrawn() throws {
        let purse = wallet([
            lot(1, paid: 0, face: 10_000_000, origin: .promo, expiresAt: moment(1_000)),
            lot(2, paid: 1, face: 30_000_000),
        ])
        #expect(purse.available(at: moment(999)) == credits(40_000_000))
        #expect(purse.available(at: moment(1_000)) == credits(30_000_000))
        let early = try purse.freeze(id(1), count: 5, model: model(), at: moment(999))
        #expect(early.parts.map(\.lot) == [id(1), id(2)])
        let late = try purse.freeze(id(1), count: 5, model: model(), at: moment(1_000))
        #expect(late.parts == [HoldPart(lot: id(2), amount: credits(29_950_000))])
    }

    @Test func aFreezeDrawsFromAtMostAThousandLots() throws {
        let crumbs = wallet((1...1_200).map { lot($0, paid: 1, face: 1) })
        #expect(crumbs.available(at: moment(0)) == credits(1_000))
        let penny = model(price: credits(1), minBatch: 1)
        #expect(try crumbs.freeze(id(1), count: 1_000, model: penny, at: moment(0)).parts.count == 1_000)
        #expect(throws: FreezeRefusal.self) { try crumbs.freeze(id(1), count: 1_001, model: penny, at: moment(0)) }
    }

    @Test func theWindowComesFromTheRequestOrTheEstimate() {
        #expect(LaneEstimate(etaSeconds: 60).windowHours(requested: nil) == 24)
        #expect(LaneEstimate(etaSeconds: 43_200).windowHours(requested: nil) == 24)
        #expect(LaneEstimate(etaSeconds: 43_201).windowHours(requested: nil) == 25)
        #expect(LaneEstimate(etaSeconds: 10_000_000).windowHours(requested: nil) == 720)
        #expect(LaneEstimate(etaSeconds: 10_000_000).windowHours(requested: 3) == 3)
    }

    @Test func theEstimateIsTheSlowerOfSlotsAndRate() {
        let bySlots = model(sla: 600, inFlight: 50, perMinute: 600)
        #expect(LaneEstimate(count: 100, waiting: 0, model: bySlots).etaSeconds == 1_200 + 600)
        #expect(LaneEstimate(count: 100, waiting: 1, model: bySlots).etaSeconds == 1_212 + 600)
        let byRate = model(sla: 1, inFlight: 1_000, perMinute: 6)
        #expect(LaneEstimate(count: 5, waiting: 2, model: byRate).etaSeconds == 70 + 1)
    }
}
