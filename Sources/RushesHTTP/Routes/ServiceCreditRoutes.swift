import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// What operators give back for a month whose promises were missed.
struct ServiceCreditRoutes: Sendable {
    let operators: OperatorService

    func add(to endpoints: inout Endpoints) {
        endpoints.open(.get, "/v1/admin/sla/credits", compute)
        endpoints.open(.post, "/v1/admin/sla/credits", grant)
    }

    @Sendable private func compute(_ call: Call) async throws -> Response {
        let query = try call.query(["month", "organization_id"])
        guard let month = try query.month() else {
            throw Problem.invalid(parameter: "month", "invalid_value", "month is a year and a month, such as 2026-10")
        }
        let lines = try await operators.serviceCredits(for: month, of: try organization(query["organization_id"]))
        return try .json(ServiceCreditReport(lines, in: month))
    }

    @Sendable private func grant(_ call: Call) async throws -> Response {
        let request = try ServiceCreditRequest(reading: try await call.request.smallJSONBody())
        guard let month = CalendarMonth(request.month) else {
            throw Problem.invalid("/month", "invalid_value", "month is a year and a month, such as 2026-10")
        }
        let lines = try await operators.grantServiceCredits(
            for: month, of: try organization(request.organizationID), by: request.by)
        return try .json(ServiceCreditReport(lines, in: month))
    }

    private func organization(_ text: String?) throws(Problem) -> OrganizationID? {
        guard let text else { return nil }
        guard let organization = OrganizationID(text) else { throw .notFound }
        return organization
    }
}

extension ServiceCreditReport {
    fileprivate init(_ lines: [ServiceCreditLine], in month: CalendarMonth) {
        self.init(
            month: month.description, totalMicros: lines.reduce(0) { $0 + $1.credit.amount.micros },
            grantedMicros: lines.reduce(0) { $0 + ($1.grant?.face.micros ?? 0) },
            lines: lines.map(ServiceCreditLineBody.init))
    }
}

extension ServiceCreditLineBody {
    fileprivate init(_ line: ServiceCreditLine) {
        let (month, level) = (line.credit.month, line.credit.month.level)
        self.init(
            organizationID: month.organization.rawValue, model: level.model, delivered: level.delivered,
            withinTarget: level.withinTarget, timedOut: level.timedOut, withinTargetPPM: level.withinTargetPPM,
            chargedMicros: month.charged.micros, belowBasisPoints: line.credit.step?.belowBasisPoints,
            creditBasisPoints: line.credit.step?.creditBasisPoints, creditMicros: line.credit.amount.micros,
            grantID: line.grant?.id.rawValue)
    }
}
