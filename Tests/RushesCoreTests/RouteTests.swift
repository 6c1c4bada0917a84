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

    /// How a lane stands: open, gone, or closed for so many seconds.
    private enum Standing {
        case open
        case gone
        case closed(Int)
    }

    private static func lane(_ provider: String, _ standing: Standing) -> Lane {
        var lane = Lane(route: route(provider), at: moment(0))
        switch standing {
        case .open: break
        case .gone: lane.refused(fault(.retired), at: moment(0))
        case .closed(let seconds):
            lane.refused(fault(.rateLimited, retryAfter: Int64(seconds) * 1_000), at: moment(0))
        }
        return lane
    }

    private func choice(_ present: Standing, b: Standing?, c: Standing?) -> String? {
        var lanes = ["a": Self.lane("a", present)]
        lanes["b"] = b.map { Self.lane("b", $0) }
        lanes["c"] = c.map { Self.lane("c", $0) }
        let byID = Dictionary(uniqueKeysWithValues: lanes.values.map { ($0.id, $0) })
        return Self.model.lane(insteadOf: Self.lane("a", present), among: byID, at: moment(0))?.provider
    }

    @Test func whatWaitsStaysWhereItIsForAWhile() {
        #expect(choice(.open, b: .open, c: .open) == nil)
        #expect(choice(.closed(59), b: .open, c: .open) == nil)
        #expect(choice(.closed(60), b: .open, c: .open) == "b")
    }

    @Test func theFirstOpenRouteIsTaken() {
        #expect(choice(.gone, b: .open, c: .open) == "b")
        #expect(choice(.gone, b: .closed(5), c: .open) == "c")
        #expect(choice(.gone, b: .gone, c: .open) == "c")
        #expect(choice(.gone, b: nil, c: .open) == "c")
    }

    @Test func aClosedRouteIsBetterThanOneWhoseProviderIsGoneOnly() {
        #expect(choice(.gone, b: .closed(300), c: .gone) == "b")
        #expect(choice(.closed(300), b: .closed(300), c: .gone) == nil)
        #expect(choice(.gone, b: .gone, c: .gone) == nil)
        #expect(choice(.gone, b: nil, c: nil) == nil)
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
