import RushesCore
import Testing

@Suite struct LowBalanceAlertTests {
    @Test func tellsOnceForEachFallBelowTheMark() {
        var alert = LowBalanceAlert(below: credits(10), isLow: false)
        let told = [12, 10, 9, 3, 0, 9, 10, 9, 8, 11].map { alert.observe(available: credits($0)) }
        #expect(told == [false, false, true, false, false, false, false, true, false, false])
    }

    @Test func withoutAMarkItTellsNothing() {
        var alert = LowBalanceAlert(below: nil, isLow: true)
        #expect(!alert.observe(available: .zero) && !alert.isLow)
    }
}
