import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// How the promises are kept: to everybody without numbers of tasks, to operators with them.
struct StatusRoutes: Sendable {
    let status: StatusService

    func add(to endpoints: inout Endpoints) {
        let status = status
        endpoints.open(.get, "/v1/status") { call in
            _ = try call.query([])
            return try .json(StatusBody(try await status.recentStatus()))
        }
    }

    func addReport(to endpoints: inout Endpoints) {
        let status = status
        endpoints.open(.get, "/v1/admin/sla") { call in
            let month = try call.query(["month"]).month()
            return try .json(ServiceLevelReport(try await status.status(in: month)))
        }
    }
}

extension QueryParameters {
    /// The month of the parameter `month`, or nil when it is missing.
    func month() throws(Problem) -> CalendarMonth? {
        guard let text = self["month"] else { return nil }
        guard let month = CalendarMonth(text) else {
            throw .invalid(parameter: "month", "invalid_value", "month is a year and a month, such as 2026-11")
        }
        return month
    }
}

extension StatusBody {
    init(_ status: ServiceStatus) {
        self.init(
            month: status.availability.month.description, availability: AvailabilityBody(status.availability),
            models: status.models.map { model in
                Model(
                    model: model.level.model, targetSeconds: model.targetSeconds,
                    withinTargetPPM: model.level.withinTargetPPM, fromDispatch: LatencyBody(model.level.fromDispatch))
            })
    }
}

extension ServiceLevelReport {
    init(_ status: ServiceStatus) {
        self.init(
            month: status.availability.month.description, availability: AvailabilityBody(status.availability),
            models: status.models.map { model in
                Model(
                    model: model.level.model, targetSeconds: model.targetSeconds, delivered: model.level.delivered,
                    withinTarget: model.level.withinTarget, withinTargetPPM: model.level.withinTargetPPM,
                    timedOut: model.level.timedOut, failed: model.level.failed,
                    fromDispatch: LatencyBody(model.level.fromDispatch),
                    fromCreation: LatencyBody(model.level.fromCreation))
            })
    }
}

extension AvailabilityBody {
    init(_ availability: Availability) {
        self.init(
            targetPPM: Availability.targetPPM, ppm: availability.ppm, measuredMinutes: availability.measuredMinutes,
            downMinutes: availability.downMinutes, budgetMinutes: availability.budgetMinutes,
            budgetLeftMinutes: availability.budgetLeftMinutes)
    }
}

extension LatencyBody {
    init(_ counts: LatencyCounts) {
        self.init(
            p50MS: counts.quantile(permille: 500), p95MS: counts.quantile(permille: 950),
            p99MS: counts.quantile(permille: 990))
    }
}
