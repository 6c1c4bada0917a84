import RushesCore
import Testing

@Suite struct ServiceCreditTests {
    private static let steps = [
        ServiceCreditStep(belowBasisPoints: 9_500, creditBasisPoints: 1_000),
        ServiceCreditStep(belowBasisPoints: 9_000, creditBasisPoints: 2_500),
        ServiceCreditStep(belowBasisPoints: 5_000, creditBasisPoints: 10_000),
    ]

    private func month(
        _ delivered: Int, _ within: Int, _ timedOut: Int, failed: Int = 0, charged: Int64
    ) -> ServiceMonth {
        ServiceMonth(
            organization: id(1),
            level: ServiceLevel(
                model: "sora-2", month: CalendarMonth(number: 202_610), delivered: delivered, withinTarget: within,
                timedOut: timedOut, failed: failed),
            charged: credits(charged))
    }

    @Test(
        arguments: [
            // Delivered, in time, timed out, charged; the step that counts and what comes back.
            (0, 0, 0, 0, nil, 0), (20, 20, 0, 9_800_000, nil, 0), (20, 19, 0, 9_800_000, nil, 0),
            (10_000, 9_499, 0, 4_900_000_000, 0, 490_000_000), (9_999, 9_500, 1, 4_899_510_000, nil, 0),
            (20, 18, 0, 9_800_000, 0, 980_000), (19, 18, 1, 9_310_000, 0, 931_000),
            (18, 17, 2, 8_820_000, 1, 2_205_000),
            (20, 10, 0, 9_800_000, 1, 2_450_000), (20, 9, 0, 9_800_000, 2, 9_800_000), (0, 0, 5, 0, 2, 0),
            (10, 9, 0, 7, 0, 0), (10, 9, 0, 19, 0, 1), (3, 0, 0, Limits.lotMicrosMax, 2, Limits.lotMicrosMax),
        ] as [(Int, Int, Int, Int64, Int?, Int64)])
    func theLastStepThatIsMissedCounts(
        delivered: Int, within: Int, timedOut: Int, charged: Int64, step: Int?, micros: Int64
    ) {
        let credit = month(delivered, within, timedOut, charged: charged).credit(under: Self.steps)
        #expect(credit.step == step.map { Self.steps[$0] } && credit.amount == credits(micros))
        #expect((credit.calculation != nil) == (micros > 0))
    }

    @Test func nothingComesBackWithoutAPolicyAndFailuresAreNoBrokenPromise() {
        #expect(month(10, 0, 5, charged: 100).credit(under: []).amount == .zero)
        #expect(month(10, 10, 0, failed: 90, charged: 100).credit(under: Self.steps).step == nil)
    }

    @Test func itsComputationCanBeDoneAgain() throws {
        let credit = month(19, 18, 1, charged: 9_310_007).credit(under: Self.steps)
        #expect(credit.reference == "sla:\(credit.month.organization):2026-10:sora-2")
        let calculation = try #require(credit.calculation)
        #expect(
            calculation == "sora-2 in 2026-10: 18 of 20 tasks came in time (19 delivered, 1 timed out and refunded), "
                + "below 9500 of 10000; 1000 of 10000 of 9310007 micro-credits charged are 931000")
        let longest = month(1 << 40, 1, 1 << 40, charged: Limits.lotMicrosMax).credit(under: Self.steps)
        #expect((longest.calculation?.count ?? 0) + 64 <= Limits.reasonCharactersMax)
    }

    /// Whatever is counted: never more than was charged, and a worse month never gives less.
    @Test func growsAsThePartInTimeFalls() {
        var chance = Chance(seed: 11)
        for _ in 0..<2_000 {
            let (delivered, timedOut) = (chance.below(500), chance.below(50))
            let charged = Int64(delivered) * Int64(chance.between(1, 1_000_000))
            let within = chance.below(delivered + 1)
            let credit = month(delivered, within, timedOut, charged: charged).credit(under: Self.steps)
            #expect(credit.amount >= .zero && credit.amount <= credits(charged))
            guard within > 0 else { continue }
            let worse = month(delivered, within - 1, timedOut, charged: charged).credit(under: Self.steps)
            #expect(worse.amount >= credit.amount)
        }
    }

    @Test func monthsOfOneModelAddUp() {
        let sum = month(3, 2, 1, charged: 5).adding(month(4, 4, 0, charged: 7))
        #expect(sum == month(7, 6, 1, charged: 12))
    }

    @Test(
        arguments: [
            ([], 0), ([(9_500, 1_000)], 0), ([(10_000, 1), (9_999, 2)], 0), ([(0, 1)], 1), ([(1, 0)], 1),
            ([(10_001, 1)], 1), ([(1, 10_001)], 1), ([(9_000, 1_000), (9_500, 2_000)], 1),
            ([(9_500, 2_000), (9_000, 1_000)], 1), ([(9_500, 2_000), (9_000, 2_000)], 1),
            ((1...9).map { (9_000 - $0, $0) }, 1),
        ] as [([(Int, Int)], Int)])
    func theStepsOfACatalogueAreChecked(pairs: [(Int, Int)], defects: Int) {
        let model = VideoModel(
            id: "m", displayName: "M", unitPrice: soraPrice, minBatch: 1, maxBatch: 10, seconds: [4],
            sizes: ["1280x720"], slaSeconds: 60, deadlineSeconds: 60,
            route: ProviderRoute(provider: "p", model: "m", maxInFlight: 1, createsPerMinute: 1),
            unknownCreatePolicy: .fail,
            serviceCredits: pairs.map { ServiceCreditStep(belowBasisPoints: $0, creditBasisPoints: $1) })
        #expect(Catalogue(models: [model], packages: []).defects.count == defects)
    }
}
