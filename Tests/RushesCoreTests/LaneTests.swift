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
            (ProviderFault.Class.rateLimited, nil, 5_000), (.rateLimited, 700, 700), (.rateLimited, 9_999_999, 120_000),
            (.quotaExhausted, nil, 0), (.auth, nil, 0), (.transient, nil, 500), (.timeout, nil, 500),
            (.unknown, nil, 500), (.noEndpoint, nil, 500), (.transient, 100, 100), (.transient, 9_999_999, 120_000),
            (.moderated, nil, 0),
            (.permanentRequest, nil, 0), (.permanentGeneration, nil, 0), (.lost, nil, 0),
        ] as [(ProviderFault.Class, Int64?, Int64)])
    func aRefusalClosesItForAsLongAsItsClassAsks(class: ProviderFault.Class, retryAfter: Int64?, closed: Int64) {
        var lane = lane()
        lane.refused(fault(`class`, retryAfter: retryAfter), faultsInRow: 1, at: moment(0))
        if closed == 0 {
            #expect(lane.closedUntil == nil)
        } else {
            #expect(lane.allowance(at: moment(closed - 1), limit: 1) == 0)
        }
        #expect(lane.allowance(at: moment(closed), limit: 1) == 1)
    }

    @Test func passingFaultsInARowCloseItLongerUntilTheBreakerTakesOver() {
        for (faults, pause): (Int, Int64) in [(1, 500), (2, 1_000), (3, 2_000), (4, 4_000), (5, 8_000), (9, 8_000)] {
            var lane = lane()
            lane.refused(fault(.transient), faultsInRow: faults, at: moment(0))
            #expect(lane.closedUntil == moment(pause))
            lane.refused(fault(.transient, retryAfter: 1), faultsInRow: faults, at: moment(0))
            #expect(lane.closedUntil == moment(pause), "a shorter closing does not open it earlier")
        }
    }

    @Test func afterAPauseOneCreateGoesAhead() {
        var lane = lane(inFlight: 1_000, perMinute: 600)
        #expect(lane.allowance(at: moment(0), limit: 500) == 100)
        lane.refused(fault(.rateLimited, retryAfter: 60_000), faultsInRow: 0, at: moment(0))
        #expect(lane.allowance(at: moment(60_000), limit: 500) == 1)
        lane.take(1)
        // Half of ten a second.
        #expect(lane.allowance(at: moment(61_000), limit: 500) == 5)
    }

    @Test func capAndRateAreCutTogether() {
        var lane = lane(inFlight: 100, perMinute: 6_000)
        for _ in 0..<8 { lane.refused(fault(.rateLimited, retryAfter: 0), faultsInRow: 0, at: moment(0)) }
        #expect(lane.allowance(at: moment(20_000), limit: 500) == 50)
        lane.take(40)
        #expect(lane.allowance(at: moment(20_000), limit: 500) == 10)
        #expect(lane.allowance(at: moment(20_000), limit: 500, rampPermille: 400) == 0, "more run than the ramp allows")
        #expect(lane.allowance(at: moment(180_000), limit: 500) == 60)
    }

    @Test(arguments: [Lane.Control.paused, .killed])
    func aLaneThatAnOperatorHasStoppedGivesNothing(control: Lane.Control) {
        let lane = lane()
        var stopped = Lane(
            id: lane.id, maxInFlight: 10, createsPerMinute: 600, state: .open, control: control, inFlight: 0,
            tokensMilli: 100_000, refilledAt: moment(0), closedUntil: nil)
        #expect(stopped.allowance(at: moment(60_000), limit: 1) == 0)
        #expect(stopped.isGone == (control == .killed) && !stopped.isOpen(at: moment(0)))
    }

    @Test func aRetiredLaneNeverOpens() {
        var lane = lane()
        lane.refused(fault(.retired), faultsInRow: 0, at: moment(0))
        #expect(lane.state == .retired && lane.isGone)
        #expect(lane.allowance(at: moment(999_999_999), limit: 1) == 0)
    }

    @Test func anAddressWithNobodyIsGivenUpAfterTenMinutes() {
        for (seconds, isGone): (Int64?, Bool) in [(nil, false), (0, false), (599, false), (600, true), (9_000, true)] {
            var lane = lane()
            let since = seconds.map { moment(-$0 * 1_000) }
            lane.refused(fault(.noEndpoint), faultsInRow: 1, brokenSince: since, at: moment(0))
            #expect(lane.isGone == isGone && lane.closedUntil == (isGone ? nil : moment(500)))
            var other = self.lane()
            other.refused(fault(.transient), faultsInRow: 1, brokenSince: since, at: moment(0))
            #expect(!other.isGone)
        }
    }

    /// Whatever happens, no more than the cap is taken, and no more than the rate allows.
    @Test func noOrderOfRefusalsLetsMoreThrough() {
        for seed: UInt64 in 0..<60 {
            var chance = Chance(seed: seed)
            let cap = chance.between(1, 40)
            var lane = lane(inFlight: cap, perMinute: 600)
            var now: Int64 = 0
            var taken = 0
            for _ in 0..<300 {
                let ramp = [50, 400, 1_000][chance.below(3)]
                let count = lane.allowance(at: moment(now), limit: 1_000, rampPermille: ramp)
                lane.take(count)
                taken += count
                #expect(lane.inFlight <= cap && taken <= 100 + Int(now) / 100)
                if chance.one(in: 3) { lane.release(chance.between(0, lane.inFlight)) }
                if chance.one(in: 5) {
                    let `class`: ProviderFault.Class = [.rateLimited, .transient][chance.below(2)]
                    let retryAfter: Int64? = chance.one(in: 2) ? Int64(chance.between(0, 9_000)) : nil
                    lane.refused(
                        fault(`class`, retryAfter: retryAfter), faultsInRow: chance.between(1, 5), at: moment(now))
                }
                now += Int64(chance.between(0, 4_000))
            }
        }
    }
}
