import RushesCore
import RushesDatabase
import RushesStore

extension Engine {
    /// The route that a new batch of a model begins with: the first one, or the one to which what waits there is sent;
    /// nil when all are gone, so that a batch would fail at once.
    func startingRoute(
        of model: VideoModel, _ reader: any SQLReading
    ) throws -> (route: ProviderRoute, lane: Lane?)? {
        let lanes = try reader.lanes(of: model)
        if lanes.count == model.routes.count && lanes.values.allSatisfy(\.isGone) { return nil }
        guard !model.fallbackRoutes.isEmpty, let first = lanes[model.route.lane] else {
            return (model.route, lanes[model.route.lane])
        }
        let other = model.lane(
            insteadOf: try reader.standing(of: first), among: try standings(of: model, on: lanes, reader),
            at: reader.now)
        let route = model.routes.first { $0.lane == other } ?? model.route
        return (route, lanes[route.lane])
    }

    /// How a model's routes stand, those whose account is configured here, with their lanes as they were read.
    func standings(
        of model: VideoModel, on lanes: [LaneID: Lane], _ reader: any SQLReading
    ) throws -> [LaneID: RouteStanding] {
        var standings: [LaneID: RouteStanding] = [:]
        for route in model.routes where providers.provider(for: route.lane) != nil {
            standings[route.lane] = try lanes[route.lane].map { try reader.standing(of: $0) }
        }
        return standings
    }
}

extension SQLReading {
    /// The lanes of a model's routes, those that there are.
    func lanes(of model: VideoModel) throws(DatabaseError) -> [LaneID: Lane] {
        try lanes(model.routes.map(\.lane))
    }

    /// A lane with the breaker of its account.
    func standing(of lane: Lane) throws(DatabaseError) -> RouteStanding {
        RouteStanding(lane: lane, breaker: try providerAccount(lane.id.provider).breaker)
    }
}
