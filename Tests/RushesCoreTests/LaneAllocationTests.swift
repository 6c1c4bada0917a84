import RushesCore
import Testing

@Suite struct LaneAllocationTests {
    private func demand(
        _ batch: Int, organization: Int = 1, queued: Int, running: Int = 0, cap: Int? = nil
    ) -> LaneDemand {
        LaneDemand(
            batch: id(batch), organization: id(organization), queued: queued, running: running, maxConcurrency: cap)
    }

    private func share(_ allowance: Int, _ demands: [LaneDemand]) -> [Int] {
        let granted = Lane.share(allowance, over: demands)
        return demands.map { demand in granted.first { $0.batch == demand.batch }?.count ?? 0 }
    }

    @Test func aSmallBatchBesideALargeOneGetsItsTurn() {
        #expect(share(100, [demand(1, queued: 10_000), demand(2, queued: 10)]) == [90, 10])
        #expect(share(10, [demand(1, queued: 10_000, running: 50), demand(2, queued: 10)]) == [5, 5])
        #expect(share(1, [demand(1, queued: 10_000, running: 50), demand(2, queued: 10)]) == [0, 1])
    }

    @Test func organizationsShareBeforeBatches() {
        let many = (1...9).map { demand($0, organization: 1, queued: 100) }
        let shares = share(20, many + [demand(10, organization: 2, queued: 100)])
        #expect(shares[9] == 10)
        #expect(shares[0..<9].reduce(0, +) == 10)
        #expect(shares[0..<9].allSatisfy { (1...2).contains($0) })
    }

    @Test func theCapOfABatchCountsWhatRuns() {
        #expect(share(100, [demand(1, queued: 50, running: 3, cap: 5)]) == [2])
        #expect(share(100, [demand(1, queued: 50, running: 9, cap: 5), demand(2, queued: 4)]) == [0, 4])
        #expect(share(0, [demand(1, queued: 50)]) == [0])
        #expect(share(5, []) == [])
    }

    @Test func randomSharesAreFullFairAndWithinEachWant() {
        for seed in 0..<1_000 {
            var chance = Chance(seed: UInt64(seed))
            let demands = (1...chance.between(1, 12)).map { number in
                demand(
                    number, organization: chance.between(1, 4), queued: chance.between(0, 40),
                    running: chance.between(0, 10), cap: chance.one(in: 2) ? chance.between(1, 20) : nil)
            }
            let allowance = chance.between(0, 120)
            let wants = demands.map { max(0, min($0.queued, ($0.maxConcurrency ?? .max) - $0.running)) }
            let shares = share(allowance, demands)
            #expect(shares.reduce(0, +) == min(allowance, wants.reduce(0, +)))
            for (index, pair) in zip(shares, wants).enumerated() {
                #expect(pair.0 <= pair.1)
                // A batch that wants more has at most one slot less than a sister in its organization.
                for other in demands.indices where demands[other].organization == demands[index].organization {
                    if pair.0 < pair.1 { #expect(shares[other] <= pair.0 + 1, "seed \(seed)") }
                }
            }
            #expect(organizationsAreFair(demands, shares: shares, wants: wants), "seed \(seed)")
            #expect(share(allowance, demands) == shares)
        }
    }

    /// An organization that wants more has at most one slot less than any other.
    private func organizationsAreFair(_ demands: [LaneDemand], shares: [Int], wants: [Int]) -> Bool {
        var got: [OrganizationID: Int] = [:]
        var want: [OrganizationID: Int] = [:]
        for (index, demand) in demands.enumerated() {
            got[demand.organization, default: 0] += shares[index]
            want[demand.organization, default: 0] += wants[index]
        }
        return got.allSatisfy { organization, count in
            count == want[organization] || got.values.allSatisfy { $0 <= count + 1 }
        }
    }
}
