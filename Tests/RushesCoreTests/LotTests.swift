import RushesCore
import Testing

@Suite struct LotTests {
    @Test func aGrantIsAvailableAndItsCreditsMoveBetweenFourPlaces() {
        var lot = lot(1, paid: 2_000_000_000, face: 2_276_200_000)
        lot.hold(veoPrice * 3)
        #expect(lot.capture(veoPrice) == dollars(5_263_157))
        lot.release(veoPrice, at: Timestamp(milliseconds: 0))
        #expect(lot.available == lot.face - veoPrice * 2)
        #expect(lot.held == veoPrice)
        #expect(lot.captured == veoPrice)
        #expect(lot.available + lot.held + lot.captured == lot.face)
        #expect(lot.recognized == dollars(5_263_157))
    }

    @Test func aGiftRecognizesNothing() {
        var gift = lot(1, paid: 0, face: 50_000_000, origin: .promo)
        gift.hold(credits(50_000_000))
        #expect(gift.capture(credits(50_000_000)) == .zero)
    }

    @Test func theOrderOfDrawingIsPriorityExpiryAge() {
        let ordered = [
            lot(9, paid: 0, face: 1, origin: .promo, expiresAt: moment(1)),
            lot(3, paid: 0, face: 1, origin: .promo, expiresAt: moment(2)),
            lot(8, paid: 0, face: 1, origin: .promo, expiresAt: moment(2)),
            lot(1, paid: 0, face: 1, origin: .promo),
            lot(2, paid: 0, face: 1, origin: .adjustment),
            lot(4, paid: 1, face: 1, origin: .topup),
            lot(5, paid: 1, face: 1, origin: .package),
            lot(6, paid: 1, face: 1, origin: .topup),
            lot(7, paid: 1, face: 1, origin: .creditLine),
        ]
        for seed in 0..<200 {
            var chance = Chance(seed: UInt64(seed))
            #expect(chance.shuffled(ordered).sorted(by: Lot.isDrawnBefore) == ordered)
        }
        for (index, left) in ordered.enumerated() {
            for (other, right) in ordered.enumerated() {
                #expect(Lot.isDrawnBefore(left, right) == (index < other))
            }
        }
    }
}
