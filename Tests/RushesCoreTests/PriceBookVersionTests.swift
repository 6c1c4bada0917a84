import RushesCore
import Testing

@Suite("Versions of the price book")
struct PriceBookVersionTests {
    private func version(_ number: Int, appliedAt: Int64, date: Int64? = nil, models: [String] = ["a"])
        -> PriceBookVersion
    {
        let catalogue = Catalogue(models: models.map { entry($0) }, packages: [])
        return PriceBookVersion(
            book: PriceBook(version: number, catalogue: catalogue), appliedAt: moment(appliedAt),
            date: date.map(moment))
    }

    private func entry(_ id: String) -> VideoModel {
        VideoModel(
            id: id, displayName: id, unitPrice: Credits(micros: 1), minBatch: 1, maxBatch: 1, seconds: [1],
            sizes: ["1280x720"], slaSeconds: 1, deadlineSeconds: 1,
            route: ProviderRoute(provider: "p", model: id, maxInFlight: 1, createsPerMinute: 1),
            unknownCreatePolicy: .fail)
    }

    @Test("the latest date that is not to come counts, and of two with one date the higher version")
    func standings() {
        let versions = [
            version(1, appliedAt: 10), version(2, appliedAt: 20, date: 100), version(3, appliedAt: 30),
            version(4, appliedAt: 40, date: 100), version(5, appliedAt: 50, date: 200),
        ]
        let at = { (now: Int64) in versions.standings(at: moment(now)) }
        #expect(at(60) == [1: .past, 2: .replaced, 3: .inForce, 4: .waiting, 5: .waiting])
        #expect(at(99) == at(60))
        #expect(at(100) == [1: .past, 2: .replaced, 3: .past, 4: .inForce, 5: .waiting])
        #expect(at(200) == [1: .past, 2: .replaced, 3: .past, 4: .past, 5: .inForce])
        // A clock that was set back finds the version that was applied, not none.
        #expect([versions[0]].standings(at: moment(5)) == [1: .inForce])
    }

    @Test("a model that was sold stays, also in the versions that wait")
    func models() {
        let new = Catalogue(models: [entry("a"), entry("b")], packages: [])
        #expect(new.defects(after: Catalogue(models: [entry("a")], packages: []), until: nil) == [])
        #expect(new.defects(after: Catalogue(models: [entry("c")], packages: []), until: nil).count == 1)
        let waiting = version(2, appliedAt: 1, date: 100)
        let found = new.defects(after: nil, until: waiting)
        #expect(found.count == 1 && found[0].contains("model b") && found[0].contains("version 2"))
        #expect(new.defects(after: nil, until: version(2, appliedAt: 1, date: 100, models: ["a", "b"])) == [])
    }

    @Test("an estimate goes by what the lane has learned, once it has seen enough")
    func estimate() {
        let entry = entry("m")
        func lane(_ times: CompletionTimes) -> Lane {
            Lane(
                id: entry.route.lane, maxInFlight: 10, createsPerMinute: 6_000, state: .open, inFlight: 0,
                tokensMilli: 0, refilledAt: moment(0), closedUntil: nil, completionTimes: times.text)
        }
        var times = CompletionTimes()
        let promised = LaneEstimate(count: 100, waiting: 0, model: entry, lane: lane(times), at: moment(0))
        #expect(!promised.isMeasured && promised.etaSeconds == 10 + 1)
        for _ in 0..<50 { times.record(milliseconds: 30_000) }
        let measured = LaneEstimate(count: 100, waiting: 0, model: entry, lane: lane(times), at: moment(0))
        // 100 jobs of half a minute in ten slots, and the last one; a span is known to a tenth.
        #expect(measured.isMeasured && (330...370).contains(measured.etaSeconds), "\(measured)")
    }
}
