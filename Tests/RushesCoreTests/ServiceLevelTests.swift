import RushesCore
import Testing

@Suite struct CalendarMonthTests {
    @Test(
        arguments: [
            (0, "1970-01", 31 * 1_440), (1_795_564_799_999, "2026-11", 30 * 1_440),
            (1_796_083_199_999, "2026-11", 30 * 1_440), (1_796_083_200_000, "2026-12", 31 * 1_440),
            (1_709_164_800_000, "2024-02", 29 * 1_440),
        ] as [(Int64, String, Int)])
    func containsAMoment(milliseconds: Int64, text: String, minutes: Int) {
        let month = CalendarMonth(containing: Timestamp(milliseconds: milliseconds))
        #expect(month.description == text && month.minutes == minutes)
        #expect(CalendarMonth(text) == month && CalendarMonth(number: month.number) == month)
        #expect(CalendarMonth(containing: month.start) == month)
        #expect(CalendarMonth(containing: month.start.adding(milliseconds: -1)) < month || text == "1970-01")
        #expect(CalendarMonth(containing: month.next.start) == month.next)
    }

    @Test(arguments: [
        "", "2026", "2026-13", "2026-00", "26-11", "2026-1", "2026-11-01", "+026-11", "2026-+1", "1969-12",
    ])
    func refusesOtherTexts(text: String) {
        #expect(CalendarMonth(text) == nil)
    }
}

@Suite struct LatencyCountsTests {
    @Test func knowsQuantilesToAnEighthOfAnOctave() {
        var chance = Chance(seed: 7)
        var counts = LatencyCounts()
        var all: [Int64] = []
        for _ in 0..<5_000 {
            let milliseconds = Int64(chance.between(300, 1 << chance.between(9, 24)))
            all.append(milliseconds)
            counts.record(milliseconds: milliseconds)
        }
        all.sort()
        for permille in [10, 500, 950, 990, 1_000] {
            let exact = all[(all.count * permille + 999) / 1_000 - 1]
            let told = counts.quantile(permille: permille) ?? 0
            #expect(told > exact && told <= exact + exact / 8 + 33, "\(permille): \(told) for \(exact)")
        }
    }

    @Test func survivesItsText() throws {
        var counts = LatencyCounts()
        #expect(counts.text == "" && counts.quantile(permille: 500) == nil)
        for milliseconds: Int64 in [-5, 0, 255, 256, 90_000, 90_001, 1 << 40] {
            counts.record(milliseconds: milliseconds)
        }
        let read = try #require(LatencyCounts(counts.text))
        #expect(read == counts && read.total == 7)
        var sum = read
        sum.add(counts)
        #expect(sum.total == 14 && sum.quantile(permille: 500) == counts.quantile(permille: 500))
    }

    @Test(arguments: ["x", "1", "1:0", "1:-2", "999:1", "-1:1", "1:1,1:2"])
    func refusesOtherTexts(text: String) {
        #expect(LatencyCounts(text) == nil)
    }
}

@Suite struct ServiceLevelTests {
    private func level(of tasks: [VideoTask], sla: Int?) -> ServiceLevel {
        var level = ServiceLevel(model: "veo-pro", month: CalendarMonth(containing: moment(0)))
        for task in tasks { level.count(task, slaSeconds: sla) }
        return level
    }

    @Test func countsDeliveriesAgainstThePromiseFromDispatch() {
        let delivered = [1_000, 119_999, 120_000, 120_001].map { took in
            task(.succeeded) { $0.finishedAt = moment(Int64(took)) }
        }
        let level = level(of: delivered, sla: 120)
        #expect(level.delivered == 4 && level.withinTarget == 3 && level.withinTargetPPM == 750_000)
        #expect(level.fromDispatch.total == 4 && level.fromCreation.total == 4)
        // The time before the dispatch is no part of the promise.
        let waited = task(.succeeded) { progress in
            progress.dispatchedAt = moment(500_000)
            progress.finishedAt = moment(600_000)
        }
        let second = self.level(of: [waited], sla: 120)
        #expect(second.withinTarget == 1)
        #expect((second.fromDispatch.quantile(permille: 500) ?? 0) < 120_000)
        #expect((second.fromCreation.quantile(permille: 500) ?? 0) >= 600_000)
    }

    @Test func goesByTheDeadlineWherePromisesWereNotKept() {
        let level = level(of: [task(.succeeded) { $0.finishedAt = moment(599_000) }], sla: nil)
        #expect(level.withinTarget == 1)
    }

    @Test(
        arguments: [
            (.timedOut, 1, 0), (.providerError, 0, 1), (.providerUnavailable, 0, 1), (.storageError, 0, 1),
            (.internalError, 0, 1), (.moderated, 0, 0), (.invalidRequest, 0, 0), (.cancelled, 0, 0), (.expired, 0, 0),
        ] as [(FailureType, Int, Int)])
    func countsFailuresThatWereOurs(type: FailureType, timedOut: Int, failed: Int) {
        let level = level(
            of: [task(.failed) { $0.failure = Failure(type, message: "", providerCode: nil) }], sla: 120)
        #expect(level.timedOut == timedOut && level.failed == failed && level.delivered == 0)
        #expect(level.withinTargetPPM == (timedOut == 1 ? 0 : nil) && level.isEmpty == (timedOut + failed == 0))
    }

    @Test func anOpenTaskIsNotCounted() {
        #expect(level(of: [task(.running)], sla: 120).isEmpty)
    }
}

@Suite struct AvailabilityTests {
    @Test(
        arguments: [
            (0, 0, false), (19, 19, false), (20, 0, false), (20, 1, true), (21, 1, false), (100, 4, false),
            (100, 5, true),
        ])
    func aMinuteIsDownByItsFailures(requests: Int, failures: Int, isDown: Bool) {
        #expect(Availability.isDown(requests: requests, failures: failures) == isDown)
    }

    @Test func tellsTheBudget() throws {
        let month = try #require(CalendarMonth("2026-11"))
        let availability = Availability(month: month, measuredMinutes: 10_000, downMinutes: 50)
        #expect(availability.ppm == 995_000)
        #expect(availability.budgetMinutes == 43 && availability.budgetLeftMinutes == -7)
        #expect(Availability(month: month, measuredMinutes: 0, downMinutes: 0).ppm == nil)
    }
}
