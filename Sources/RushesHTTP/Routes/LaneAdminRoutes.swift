import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// What operators see of lanes and decide about them. A lane's name may hold a slash, so it stands in the body.
struct LaneAdminRoutes: Sendable {
    let operators: OperatorService

    func add(to endpoints: inout Endpoints) {
        let operators = operators
        endpoints.open(.get, "/v1/admin/lanes") { _ in
            try .json(ListBody(data: try await operators.lanes().map(LaneBody.init), nextCursor: nil))
        }
        endpoints.open(.put, "/v1/admin/lanes/control") { call in
            let request = try LaneControlRequest(reading: try await call.request.smallJSONBody())
            guard let control = Lane.Control(rawValue: request.control) else {
                let names = Lane.Control.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem.invalid("/control", "invalid_value", "one of \(names)")
            }
            let lane = try await operators.control(
                LaneID(request.lane), control, reason: request.reason, by: request.by)
            return try .json(LaneBody(lane))
        }
        endpoints.open(.put, "/v1/admin/lanes/limits") { call in
            let request = try LaneLimitsRequest(reading: try await call.request.smallJSONBody())
            let limits = LaneLimits(maxInFlight: request.maxInFlight, createsPerMinute: request.createsPerMinute)
            let lane = try await operators.limitLane(
                LaneID(request.lane), limits, pollsPerMinute: request.pollsPerMinute, reason: request.reason,
                by: request.by)
            return try .json(LaneBody(lane))
        }
        endpoints.open(.get, "/v1/admin/lanes/history") { call in
            let query = try call.query(["lane", "limit"])
            let acts = try await operators.laneActs(
                of: query["lane"].map(LaneID.init),
                limit: try query.integer("limit", 1...Limits.laneActsMax) ?? Limits.pageItemsMax)
            return try .json(ListBody(data: acts.map(LaneActBody.init), nextCursor: nil))
        }
    }
}

extension LaneBody {
    init(_ record: LaneRecord) {
        let lane = record.lane
        let isPaused = lane.closedUntil.map { $0 > record.readAt } ?? false
        self.init(
            id: lane.id.rawValue, state: lane.state.rawValue, control: lane.control.rawValue, reason: record.reason,
            controlledAt: record.controlledAt?.rfc3339, inFlight: lane.inFlight, waiting: record.waiting,
            limits: LaneLimitsBody(maxInFlight: lane.maxInFlight, createsPerMinute: lane.createsPerMinute),
            limitsNow: LaneLimitsBody(
                maxInFlight: Lane.part(record.allowedPermille, of: lane.maxInFlight),
                createsPerMinute: Lane.part(record.allowedPermille, of: lane.createsPerMinute)),
            ownLimits: LaneLimitsBody(
                maxInFlight: record.ownLimits.maxInFlight, createsPerMinute: record.ownLimits.createsPerMinute),
            pausedUntil: isPaused ? lane.closedUntil?.rfc3339 : nil, account: ProviderAccountBody(record.account))
    }
}

extension LaneActBody {
    init(_ act: LaneAct) {
        self.init(
            lane: act.lane.rawValue, number: act.number, subject: act.change.subject.rawValue,
            before: act.change.before, after: act.change.after, reason: act.note.reason, by: act.note.by,
            actedAt: act.actedAt.rfc3339)
    }
}

extension ProviderAccountBody {
    init(_ account: ProviderAccount) {
        self.init(
            name: account.name, breaker: account.breaker.state.rawValue, cause: account.breaker.cause?.rawValue,
            changedAt: account.breaker.changedAt?.rfc3339, probeAt: account.breaker.probeAt?.rfc3339,
            openings: account.breaker.openings, pollsPerMinute: account.pollsPerMinute)
    }
}
