import RushesCore
import Testing

@Suite struct LaneAllocationTests {
    private func batch(_ number: Int, queued: Int, running: Int = 0, cap: Int? = nil) -> BatchDemand {
        BatchDemand(batch: id(number), queued: queued, running: running, maxConcurrency: cap)
    }

    private func organization(
        _ number: Int, weight: Int = 1, inFlight: Int? = nil, room: Int? = nil, servedAt: Timestamp? = nil,
        _ batches: [BatchDemand]
    ) -> LaneDemand {
        LaneDemand(
            organization: id(number), weight: weight, inFlight: inFlight ?? batches.reduce(0) { $0 + $1.running },
            room: room, servedAt: servedAt, batches: batches)
    }

    /// What each batch gets, in the order of the demands.
    private func share(_ allowance: Int, _ demands: [LaneDemand]) -> [Int] {
        let granted = Lane.share(allowance, over: demands)
        return demands.flatMap(\.batches).map { demand in granted.first { $0.batch == demand.batch }?.count ?? 0 }
    }

    @Test func aSmallBatchBesideALargeOneGetsItsTurn() {
        #expect(share(100, [organization(1, [batch(1, queued: 10_000), batch(2, queued: 10)])]) == [90, 10])
        #expect(share(10, [organization(1, [batch(1, queued: 10_000, running: 5), batch(2, queued: 10)])]) == [3, 7])
        #expect(share(1, [organization(1, [batch(1, queued: 10_000, running: 50), batch(2, queued: 10)])]) == [0, 1])
    }

    @Test func organizationsShareBeforeBatches() {
        let many = organization(1, (1...9).map { batch($0, queued: 100) })
        let shares = share(20, [many, organization(2, [batch(10, queued: 100)])])
        #expect(shares[9] == 10)
        #expect(shares[0..<9].reduce(0, +) == 10)
        #expect(shares[0..<9].allSatisfy { (1...2).contains($0) })
    }

    @Test func whatOneHoldsAlreadyCounts() {
        let large = organization(1, [batch(1, queued: 9_980, running: 20)])
        let small = organization(2, [batch(2, queued: 10)])
        // Every slot that becomes free goes to the small one, until it has all that it wants.
        for free in 1...10 { #expect(share(free, [large, small]) == [0, free]) }
        #expect(share(14, [large, small]) == [4, 10])
    }

    @Test func weightsDivideTheSlots() {
        let one = organization(1, weight: 1, [batch(1, queued: 100)])
        let three = organization(2, weight: 3, [batch(2, queued: 100)])
        #expect(share(20, [one, three]) == [5, 15])
        #expect(share(40, [one, three]) == [10, 30])
        #expect(share(20, [organization(1, weight: 1_000, [batch(1, queued: 5)]), three]) == [5, 15])
    }

    @Test func theCapOfABatchCountsWhatRuns() {
        #expect(share(100, [organization(1, [batch(1, queued: 50, running: 3, cap: 5)])]) == [2])
        let capped = [batch(1, queued: 50, running: 9, cap: 5), batch(2, queued: 4)]
        #expect(share(100, [organization(1, capped)]) == [0, 4])
        #expect(share(0, [organization(1, [batch(1, queued: 50)])]) == [0])
        #expect(share(5, []) == [])
    }

    @Test func theLimitOfAnOrganizationLeavesTheRestToOthers() {
        let limited = organization(1, room: 3, [batch(1, queued: 50), batch(2, queued: 50)])
        let free = organization(2, [batch(3, queued: 50)])
        #expect(share(20, [limited, free]) == [2, 1, 17])
        #expect(share(20, [limited.with(room: 0), free]) == [0, 0, 20])
        #expect(share(20, [limited.with(room: -2)]) == [0, 0])
    }

    @Test func amongEqualsTheLongestUnservedIsNext() {
        let demands = [
            organization(1, servedAt: moment(3), [batch(1, queued: 9)]),
            organization(2, servedAt: moment(1), [batch(2, queued: 9)]), organization(3, [batch(3, queued: 9)]),
        ]
        #expect(share(1, demands) == [0, 0, 1])
        #expect(share(2, demands) == [0, 1, 1])
        #expect(share(3, demands) == [1, 1, 1])
    }

    @Test func whatWasNotReadyIsSharedAgain() {
        let demand = organization(1, room: 9, [batch(1, queued: 9), batch(2, queued: 9)])
        let rest = demand.after([id(1): (slots: 4, tasks: 1), id(2): (slots: 2, tasks: 2)])
        #expect((rest.inFlight, rest.room) == (3, 6))
        #expect(rest.batches == [batch(1, queued: 0, running: 1), batch(2, queued: 7, running: 2)])
        #expect(share(20, [rest]) == [0, 6])
    }

    @Test func randomSharesAreFullFairAndWithinEachLimit() {
        for seed in 0..<1_000 {
            var chance = Chance(seed: UInt64(seed))
            let demands = randomDemands(&chance)
            let allowance = chance.between(0, 120)
            let shares = share(allowance, demands)
            var index = 0
            let got = demands.map { demand in
                defer { index += demand.batches.count }
                return Array(shares[index..<(index + demand.batches.count)])
            }
            let wants = demands.map { min($0.wants.reduce(0, +), max(0, $0.room ?? .max)) }
            #expect(shares.reduce(0, +) == min(allowance, wants.reduce(0, +)), "seed \(seed)")
            for (demand, got) in zip(demands, got) { expectFairBatches(demand, got, seed) }
            expectFairOrganizations(demands, got.map { $0.reduce(0, +) }, wants, seed)
            #expect(share(allowance, demands) == shares)
        }
    }

    private func randomDemands(_ chance: inout Chance) -> [LaneDemand] {
        (1...chance.between(1, 5)).map { number in
            let batches = (1...chance.between(1, 4)).map { place in
                batch(
                    number * 10 + place, queued: chance.between(0, 40), running: chance.between(0, 10),
                    cap: chance.one(in: 2) ? chance.between(1, 20) : nil)
            }
            return organization(
                number, weight: chance.between(1, 5), inFlight: chance.between(0, 40),
                room: chance.one(in: 2) ? chance.between(-2, 30) : nil,
                servedAt: chance.one(in: 2) ? moment(Int64(chance.below(9))) : nil, batches)
        }
    }

    /// Nobody gets more than it wants; a batch that wants more has at most one running task less than a sister that got
    /// a slot.
    private func expectFairBatches(_ demand: LaneDemand, _ got: [Int], _ seed: Int) {
        for (index, want) in demand.wants.enumerated() {
            #expect(got[index] <= want, "seed \(seed)")
            guard got[index] < want else { continue }
            for other in got.indices where got[other] > 0 {
                let (mine, theirs) = (
                    demand.batches[index].running + got[index], demand.batches[other].running + got[other]
                )
                #expect(theirs <= mine + 1, "seed \(seed)")
            }
        }
        #expect(demand.room == nil || got.reduce(0, +) <= max(0, demand.room ?? 0), "seed \(seed)")
    }

    /// Weighted max-min within one slot: whoever got a slot had no more for its weight, before its last one, than
    /// anybody has who wants more.
    private func expectFairOrganizations(_ demands: [LaneDemand], _ got: [Int], _ wants: [Int], _ seed: Int) {
        for hungry in demands.indices where got[hungry] < wants[hungry] {
            for other in demands.indices where got[other] > 0 {
                let before = demands[other].inFlight + got[other] - 1
                let mine = demands[hungry].inFlight + got[hungry]
                #expect(before * demands[hungry].weight <= mine * demands[other].weight, "seed \(seed)")
            }
        }
    }
}

extension LaneDemand {
    fileprivate var wants: [Int] {
        batches.map { max(0, min($0.queued, ($0.maxConcurrency ?? .max) - $0.running)) }
    }
}
