import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// What the operator earns.
struct MarginRoutes: Sendable {
    let operators: OperatorService

    func add(to endpoints: inout Endpoints) {
        endpoints.open(.get, "/v1/admin/margins", margins)
        endpoints.open(.post, "/v1/admin/costs", importCosts)
    }

    @Sendable private func margins(_ call: Call) async throws -> Response {
        let query = try call.query(["from", "to"])
        let from = try day(query["from"], "from")
        let to = try day(query["to"], "to")
        let report = try await operators.margins(from: from, to: to.adding(seconds: 86_400))
        return try .json(
            MarginReportBody(
                from: from.day, to: to.day, total: MarginBody(report.total),
                unmatchedCostMicros: report.unmatchedCost.micros,
                lines: report.lines.map { subject, line in
                    MarginLineBody(
                        day: subject.start.day, organizationID: subject.organization.rawValue, model: subject.model,
                        margin: MarginBody(line))
                }))
    }

    @Sendable private func importCosts(_ call: Call) async throws -> Response {
        let request = try ProviderBillRequest(reading: try await call.request.smallJSONBody(upTo: 1 << 20))
        let result = try await operators.importCosts(
            request.lines.map { ProviderCharge(job: ProviderJobID($0.job), amount: Dollars(micros: $0.amountMicros)) },
            of: request.provider, bill: request.bill, by: request.by)
        return try .json(
            ProviderBillResult(
                matched: result.matched, replayed: result.replayed,
                unmatched: result.unmatched.map(ProviderBillLine.init),
                conflicting: result.conflicting.map(ProviderBillLine.init)))
    }

    private func day(_ text: String?, _ name: String) throws(Problem) -> Timestamp {
        guard let text, let day = Timestamp(rfc3339: text + "T00:00:00Z") else {
            throw .invalid(parameter: name, "invalid_value", "\(name) is a day like 2026-11-25")
        }
        return day
    }
}

extension ProviderBillLine {
    fileprivate init(_ charge: ProviderCharge) {
        self.init(job: charge.job.rawValue, amountMicros: charge.amount.micros)
    }
}

extension Timestamp {
    fileprivate var day: String { String(rfc3339.prefix(10)) }
}

extension MarginBody {
    fileprivate init(_ line: MarginReport.Line) {
        self.init(
            revenueMicros: line.revenue.micros, costMicros: line.cost.micros,
            refundedCostMicros: line.refundedCost.micros, leakedCostMicros: line.leakedCost.micros,
            billedCostMicros: line.billedCost.micros, disputeLossMicros: line.disputeLoss.micros,
            marginMicros: line.margin.micros, attempts: line.attempts, unknownAttempts: line.unknownAttempts)
    }
}
