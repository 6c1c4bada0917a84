import RushesCore
import Testing

@Suite struct MoneyTests {
    @Test func arithmeticIsOnWholeMicros() {
        #expect(soraPrice * 10_000 == credits(4_900_000_000))
        #expect(veoPrice + soraPrice - veoPrice == soraPrice)
        #expect(-veoPrice + veoPrice == .zero)
        var sum = Credits.zero
        sum += veoPrice
        sum -= soraPrice
        #expect(sum == credits(5_500_000))
        #expect(soraPrice < veoPrice)
    }

    @Test func sharesAreRoundedDownOnceWithoutOverflow() {
        // 471.13 of the $2,000 lot: the worked example of the ledger's reference.
        #expect(
            credits(471_130_000).scaled(by: dollars(2_000_000_000), over: credits(2_276_200_000)).micros == 413_961_866)
        let most = credits(Limits.lotMicrosMax)
        #expect(most.scaled(by: dollars(Limits.lotMicrosMax), over: most) == dollars(Limits.lotMicrosMax))
        #expect(credits(1).scaled(by: dollars(1), over: credits(3)) == .zero)
    }

    @Test(
        arguments: [(5_989_999, 0), (5_990_000, 1), (23_960_000, 4), (2_276_200_000, 380), (-1, 0)] as [(Int64, Int)])
    func countsWholePrices(micros: Int64, count: Int) {
        #expect(credits(micros).count(of: veoPrice) == count)
    }

    @Test func theUnitsHaveTheirCodes() {
        #expect(CreditUnit.code == "uCR")
        #expect(DollarUnit.code == "uUSD")
    }
}
