import RushesCore
import Testing

/// Credits that leave a lot otherwise than by a video.
@Suite struct LotLeavingTests {
    @Test func whatIsFreeGoesAtTheDateAndWhatIsHeldStays() {
        var gift = lot(1, paid: 0, face: 10, origin: .promo, expiresAt: moment(1_000))
        gift.hold(credits(4))
        #expect(gift.expire(at: moment(999)) == nil)
        #expect(gift.expire(at: moment(1_000)) == credits(6))
        #expect(gift.expire(at: moment(1_000)) == nil)
        #expect(gift.gone.expired == credits(6) && gift.available == .zero && gift.held == credits(4))
    }

    @Test func whatComesBackAfterTheDateHasFourteenDays() {
        var gift = lot(1, paid: 0, face: 10, origin: .promo, expiresAt: moment(1_000))
        gift.hold(credits(10))
        gift.release(credits(1), at: moment(999))
        #expect(gift.expiresAt == moment(1_000))
        gift.release(credits(3), at: moment(5_000))
        #expect(gift.expiresAt == moment(5_000 + 14 * 86_400_000))
        #expect(gift.expire(at: moment(6_000)) == nil)
        gift.release(credits(6), at: moment(7_000))
        #expect(gift.expire(at: moment(5_000 + 14 * 86_400_000)) == credits(10))
    }

    @Test(arguments: LotOrigin.allCases)
    func graceIsForGifts(origin: LotOrigin) {
        #expect((origin.graceMilliseconds ?? 0 > 0) == origin.isGift)
        #expect((origin.graceMilliseconds == 0) == !origin.isOwned)
    }

    @Test func aBoughtLotNeverExpires() {
        var bought = lot(1, paid: 5, face: 10)
        bought.hold(credits(10))
        bought.release(credits(10), at: moment(9_000))
        #expect(bought.expiresAt == nil && bought.expire(at: moment(1_000_000_000)) == nil)
    }

    @Test func aRefundPaysWhatTheChargedCreditsHaveNotEarned() throws {
        var package = lot(1, paid: 2_000_000_000, face: 2_276_200_000)
        package.hold(credits(471_130_000))
        #expect(throws: RefundRefusal.creditsAreHeld(credits(471_130_000))) { try package.refund() }
        #expect(package.capture(credits(471_130_000)) == dollars(413_961_866))
        #expect(package.deferred == dollars(1_586_038_134))
        let (back, cash) = try package.refund()
        #expect(back == credits(1_805_070_000) && cash == dollars(1_586_038_134))
        #expect(package.deferred == .zero && package.available == .zero && package.gone.total == back)
        #expect(throws: RefundRefusal.nothingLeft) { try package.refund() }
    }

    @Test func aGiftIsNotPaidBack() {
        var gift = lot(1, paid: 0, face: 10, origin: .promo)
        #expect(throws: RefundRefusal.nothingLeft) { try gift.refund() }
    }

    /// Whatever order credits are charged and taken out in, a lot that is empty has recognized what was paid.
    @Test func aSpentLotHasRecognizedWhatWasPaid() {
        for seed in 0..<300 {
            var chance = Chance(seed: UInt64(seed))
            let paid = Int64(chance.between(1, 3_000_000_000))
            var lot = lot(1, paid: paid, face: Int64(chance.between(1, 4_000_000_000)))
            var recognized = Dollars.zero
            while lot.available > .zero {
                let amount = credits(Int64(chance.between(1, Int(lot.available.micros))))
                if chance.one(in: 3) {
                    recognized += lot.adjust(out: amount)
                } else {
                    lot.hold(amount)
                    recognized += lot.capture(amount)
                }
                #expect(recognized == lot.recognized && lot.deferred == dollars(paid) - recognized)
            }
            #expect(recognized == dollars(paid) && lot.deferred == .zero)
            #expect(lot.captured + lot.gone.total == lot.face)
        }
    }
}
