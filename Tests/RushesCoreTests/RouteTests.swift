import RushesCore
import Testing

@Suite struct RouteTests {
    private static let model = VideoModel(
        id: "m", displayName: "M", unitPrice: Credits(micros: 1), minBatch: 1, maxBatch: 1, seconds: [4],
        sizes: ["1280x720"], slaSeconds: 1, deadlineSeconds: 1, route: route("a"), unknownCreatePolicy: .fail,
        fallbackRoutes: [route("b"), route("c")])

    private static func route(_ provider: String) -> ProviderRoute {
        ProviderRoute(provider: provider, model: "m", maxInFlight: 1, createsPerMinute: 1)
    }

    /// How a lane stands: open, gone, paused, its account refused, or its account failing for so many seconds.
    private enum Standing {
        case open
        case gone
        case killed
        case paused
        case refused
        case failing(Int)
    }

    private static let now = moment(1_000_000)

    private static func route(_ provider: String, _ standing: Standing) -> RouteStanding {
        var breaker = Breaker()
        var control = Lane.Control.running
        var state = Lane.State.open
        switch standing {
        case .open: break
        case .gone: state = .retired
        case .killed: control = .killed
        case .paused: control = .paused
        case .refused: breaker.createFailed(fault(.auth), at: now)
        case .failing(let seconds):
            for _ in 0..<Breaker.faultsMax {
                breaker.createFailed(fault(.transient), at: now.adding(seconds: -seconds))
            }
        }
        let lane = Lane(
            id: route(provider).lane, maxInFlight: 1, createsPerMinute: 1, state: state, control: control,
            inFlight: 0, tokensMilli: 0, refilledAt: now, closedUntil: nil)
        return RouteStanding(lane: lane, breaker: breaker)
    }

    private func choice(_ present: Standing, b: Standing?, c: Standing?) -> String? {
        var standings = ["a": present]
        standings["b"] = b
        standings["c"] = c
        let routes = standings.map { Self.route($0, $1) }
        return Self.model.lane(
            insteadOf: Self.route("a", present),
            among: Dictionary(uniqueKeysWithValues: routes.map { ($0.lane.id, $0) }), at: Self.now)?.provider
    }

    @Test func whatWaitsStaysWhereItIsForAWhile() {
        #expect(choice(.open, b: .open, c: .open) == nil)
        #expect(choice(.failing(59), b: .open, c: .open) == nil)
        #expect(choice(.failing(60), b: .open, c: .open) == "b")
        #expect(choice(.refused, b: .open, c: .open) == "b")
        #expect(choice(.paused, b: .open, c: .open) == nil)
    }

    @Test func aLaneThatIsClosedForLongIsLeft() {
        for (seconds, expected) in [(59, nil), (60, "b")] as [(Int, String?)] {
            let lane = Lane(
                id: Self.route("a").lane, maxInFlight: 1, createsPerMinute: 1, state: .open, inFlight: 0,
                tokensMilli: 0, refilledAt: Self.now, closedUntil: Self.now.adding(seconds: seconds))
            let b = Self.route("b", .open)
            let found = Self.model.lane(
                insteadOf: RouteStanding(lane: lane, breaker: Breaker()), among: [b.lane.id: b], at: Self.now)
            #expect(found?.provider == expected)
        }
    }

    @Test func theFirstOpenRouteIsTaken() {
        #expect(choice(.gone, b: .open, c: .open) == "b")
        #expect(choice(.killed, b: .failing(5), c: .open) == "c")
        #expect(choice(.gone, b: .gone, c: .open) == "c")
        #expect(choice(.gone, b: .paused, c: .open) == "c")
        #expect(choice(.gone, b: nil, c: .open) == "c")
    }

    @Test func aClosedRouteIsBetterOnlyThanOneThatIsGone() {
        #expect(choice(.gone, b: .refused, c: .gone) == "b")
        #expect(choice(.refused, b: .refused, c: .gone) == nil)
        #expect(choice(.gone, b: .gone, c: .killed) == nil)
        #expect(choice(.gone, b: nil, c: nil) == nil)
    }

    private func next(after failed: String, a: Standing?, b: Standing?, c: Standing?) -> String? {
        let standings = [("a", a), ("b", b), ("c", c)].compactMap { name, standing in
            standing.map { Self.route(name, $0) }
        }
        return Self.model.lane(
            afterFailureOn: Self.route(failed).lane,
            among: Dictionary(uniqueKeysWithValues: standings.map { ($0.lane.id, $0) }), at: Self.now)?.provider
    }

    @Test func anotherGenerationIsMadeByTheNextOpenRoute() {
        #expect(next(after: "a", a: .open, b: .open, c: .open) == "b")
        #expect(next(after: "b", a: .open, b: .open, c: .open) == "c")
        #expect(next(after: "c", a: .open, b: .open, c: .open) == "a")
        #expect(next(after: "a", a: .open, b: .gone, c: .open) == "c")
        #expect(next(after: "a", a: .open, b: .paused, c: .killed) == nil)
        #expect(next(after: "a", a: .open, b: .refused, c: .failing(1)) == nil)
        #expect(next(after: "b", a: .open, b: .gone, c: .refused) == "a")
        // Routes without an account here, and a lane that the catalogue no longer has.
        #expect(next(after: "a", a: .open, b: nil, c: nil) == nil)
        #expect(next(after: "z", a: .open, b: .open, c: .open) == "a")
    }

    @Test func routesAreCheckedLikeTheFirstOne() {
        func defects(_ others: [ProviderRoute]) -> [String] {
            let model = Self.model
            return Catalogue(
                models: [
                    VideoModel(
                        id: model.id, displayName: "M", unitPrice: model.unitPrice, minBatch: 1, maxBatch: 1,
                        seconds: [4], sizes: ["1280x720"], slaSeconds: 1, deadlineSeconds: 1, route: model.route,
                        unknownCreatePolicy: .fail, fallbackRoutes: others)
                ], packages: []
            ).defects
        }
        #expect(defects([Self.route("b")]).isEmpty)
        #expect(defects([Self.route("a")]) == ["model m: two routes are the same"])
        #expect(defects([Self.route("")]) == ["model m: route names a provider (without colon) and a model"])
        #expect(defects((1...8).map { Self.route("p\($0)") }).count == 1)
    }
}
