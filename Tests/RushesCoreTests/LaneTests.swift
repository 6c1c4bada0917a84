import RushesCore
import Testing

@Suite struct LaneTests {
    private func lane(inFlight: Int = 10, perMinute: Int = 600) -> Lane {
        Lane(
            route: ProviderRoute(provider: "p", model: "m", maxInFlight: inFlight, createsPerMinute: perMinute),
            at: moment(0))
    }

    @Test func itsNameIsProviderAndModel() {
        #expect(lane().id == LaneID("p:m"))
    }

    @Test func theAllowanceIsTheLeastOfSlotsTokensAndLimit() {
        var bySlots = lane(inFlight: 10, perMinute: 600)
        #expect(bySlots.allowance(at: moment(0), limit: 500) == 10)
        #expect(bySlots.allowance(at: moment(0), limit: 3) == 3)
        bySlots.take(10)
        #expect(bySlots.allowance(at: moment(60_000), limit: 500) == 0)
        bySlots.release(4)
        #expect(bySlots.allowance(at: moment(60_000), limit: 500) == 4)
        var byTokens = lane(inFlight: 1_000, perMinute: 60)
        #expect(byTokens.allowance(at: moment(0), limit: 500) == 10)
        var slow = lane(inFlight: 1_000, perMinute: 1)
        #expect(slow.allowance(at: moment(0), limit: 500) == 1)
        slow.take(1)
        #expect(slow.allowance(at: moment(59_999), limit: 500) == 0)
        #expect(slow.allowance(at: moment(60_000), limit: 500) == 1)
    }

    /// Never above bucket + rate x time, whatever the moments of asking; and not much below it when always hungry.
    @Test func theBucketIsExactOverRandomTimes() {
        for seed in 0..<80 {
            var chance = Chance(seed: UInt64(seed))
            let perMinute = [1, 7, 59, 60, 61, 600, 999, 60_000][chance.below(8)]
            var lane = lane(inFlight: 100_000, perMinute: perMinute)
            let bucket = max(1_000, perMinute * 1_000 / 6)
            let longestPause = [3, 100, 1_000][chance.below(3)]
            var now: Int64 = 0
            var taken = 0
            var asked = 0
            for _ in 0..<400 {
                let count = lane.allowance(at: moment(now), limit: 100_000)
                asked += 1
                lane.take(count)
                lane.release(count)
                taken += count
                #expect(taken * 1_000 * 60 <= bucket * 60 + Int(now) * perMinute)
                now += Int64(chance.between(0, longestPause))
            }
            // Rounding may cost at most a millisecond's worth for each refill, and one create waits in the bucket. A
            // bucket of a single create is often full, so it has no lower bound.
            if perMinute < 59 { continue }
            let least = bucket * 60 + (Int(now) - longestPause - asked) * perMinute - 2 * 60_000
            #expect(taken * 1_000 * 60 >= least, "seed \(seed), \(perMinute) a minute")
        }
    }

    @Test func aClockThatGoesBackGivesNothing() {
        var lane = lane(inFlight: 1_000, perMinute: 600)
        lane.take(100)
        #expect(lane.allowance(at: moment(-60_000), limit: 500) == 0)
        #expect(lane.allowance(at: moment(1_000), limit: 500) == 10)
    }

    @Test(
        arguments: [
            (ProviderFault.Class.rateLimited, nil, 5_000), (.rateLimited, 700, 700), (.rateLimited, 9_999_999, 300_000),
            (.quotaExhausted, nil, 300_000), (.auth, nil, 300_000), (.transient, nil, 2_000), (.timeout, nil, 2_000),
            (.unknown, nil, 2_000), (.transient, 100, 100), (.moderated, nil, 0), (.permanentRequest, nil, 0),
            (.permanentGeneration, nil, 0), (.lost, nil, 0),
        ] as [(ProviderFault.Class, Int64?, Int64)])
    func aRefusalClosesItForAsLongAsItsClassAsks(class: ProviderFault.Class, retryAfter: Int64?, closed: Int64) {
        var lane = lane()
        lane.refused(fault(`class`, retryAfter: retryAfter), at: moment(0))
        if closed == 0 {
            #expect(lane.closedUntil == nil)
        } else {
            #expect(lane.allowance(at: moment(closed - 1), limit: 1) == 0)
        }
        #expect(lane.allowance(at: moment(closed), limit: 1) == 1)
    }

    @Test func passingFaultsInARowCloseItLongerAndASuccessForgetsThem() {
        var lane = lane()
        for pause: Int64 in [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 64_000] {
            lane.refused(fault(.transient), at: moment(0))
            #expect(lane.closedUntil == moment(pause))
        }
        lane.succeeded()
        lane.refused(fault(.transient), at: moment(100_000))
        #expect(lane.closedUntil == moment(102_000))
        lane.refused(fault(.rateLimited, retryAfter: 1), at: moment(100_000))
        #expect(lane.closedUntil == moment(102_000), "a shorter closing does not open it earlier")
    }

    @Test func aRetiredLaneNeverOpens() {
        var lane = lane()
        lane.refused(fault(.retired), at: moment(0))
        #expect(lane.state == .retired)
        #expect(lane.allowance(at: moment(999_999_999), limit: 1) == 0)
    }
}
