import RushesCore
import Testing

@Suite struct ThrottleTests {
    private func throttled(retryAfter: Int64? = 0) -> Throttle {
        var throttle = Throttle()
        _ = throttle.refused(isFirst: true, retryAfter: retryAfter, at: moment(0))
        return throttle
    }

    @Test func aNewOneHoldsNothingBack() {
        #expect(Throttle().permille(at: moment(0)) == 1_000)
    }

    @Test(
        arguments: [
            (0, 500), (29_999, 500), (30_000, 750), (59_999, 750), (60_000, 900), (119_999, 900), (120_000, 950),
            (140_000, 1_000), (9_999_999, 1_000),
        ] as [(Int64, Int)])
    func halfIsLeftAndComesBack(quiet: Int64, permille: Int) {
        #expect(throttled().permille(at: moment(quiet)) == permille)
    }

    @Test func fromFarBelowAllIsBackAfterThreeMinutes() {
        var throttle = Throttle()
        for _ in 0..<4 { _ = throttle.refused(isFirst: true, retryAfter: 0, at: moment(0)) }
        let permille = stride(from: Int64(0), through: 200_000, by: 20_000).map { throttle.permille(at: moment($0)) }
        #expect(permille == [62, 62, 93, 112, 112, 112, 162, 262, 462, 862, 1_000])
    }

    @Test func refusalsOfOneBurstCutOnce() {
        var throttle = throttled(retryAfter: 5_000)
        for _ in 0..<9 { _ = throttle.refused(isFirst: false, retryAfter: 8_000, at: moment(100)) }
        #expect(throttle.permille(at: moment(5_000)) == 500)
        #expect(throttle.refused(isFirst: false, retryAfter: 8_000, at: moment(100)) == moment(8_100))
        #expect(throttle.refused(isFirst: false, retryAfter: nil, at: moment(100)) == moment(100))
    }

    @Test func singleRefusalsAmongManyCreatesOnlyPause() {
        var throttle = Throttle()
        for round in 0..<40 {
            throttle.sends(25, window: 200)
            let now = moment(Int64(round) * 10_000)
            #expect(throttle.refused(isFirst: true, retryAfter: 1_000, at: now) == now.adding(milliseconds: 1_000))
            #expect(throttle.permille(at: now) == 1_000 && throttle.sent <= 200)
        }
        // Six in a hundred are too many, however many went through before.
        for _ in 0..<9 { _ = throttle.refused(isFirst: false, retryAfter: 1_000, at: moment(400_000)) }
        #expect(throttle.permille(at: moment(402_000)) == 500)
        #expect(throttle.sent == 0 && throttle.refusals < 9)
    }

    @Test func aRefusalWhileItLooksForMoreLeavesTheCeiling() {
        var throttle = Throttle(ceilingPermille: 200, resumedAt: moment(0))
        #expect(throttle.permille(at: moment(120_000)) == 230)
        _ = throttle.refused(isFirst: true, retryAfter: 0, at: moment(120_000))
        #expect(throttle.ceilingPermille == 200)
        // Far above it the ceiling is known to be higher.
        #expect(throttle.permille(at: moment(290_000)) == 530)
        _ = throttle.refused(isFirst: true, retryAfter: 0, at: moment(290_000))
        #expect(throttle.ceilingPermille == 353)
        // Below it the ceiling is known to be lower.
        _ = throttle.refused(isFirst: true, retryAfter: 0, at: moment(355_000))
        #expect(throttle.ceilingPermille == 317)
    }

    @Test func withoutAWishThePauseDoublesWhileItIsTooShort() {
        var throttle = Throttle()
        var now: Int64 = 0
        for pause: Int64 in [5_000, 10_000, 20_000, 40_000, 60_000, 60_000] {
            #expect(throttle.refused(isFirst: true, retryAfter: nil, at: moment(now)) == moment(now + pause))
            now += pause + 9_000
        }
        now += 1_000
        #expect(throttle.refused(isFirst: true, retryAfter: nil, at: moment(now)) == moment(now + 5_000))
    }

    @Test func aWishIsCutAtTwoMinutes() {
        var throttle = Throttle()
        #expect(throttle.refused(isFirst: true, retryAfter: 999_999, at: moment(0)) == moment(120_000))
        #expect(throttle.refused(isFirst: false, retryAfter: -5, at: moment(0)) == moment(0))
    }
}
