import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesWire

/// What operators record of banks that ask about payments or take them back.
struct DisputeAdminRoutes: Sendable {
    let operators: OperatorService

    func add(to endpoints: inout Endpoints) {
        endpoints.open(.post, "/v1/admin/purchases/{id}/disputes", open)
        endpoints.open(.get, "/v1/admin/organizations/{id}/disputes", list)
        let routes = self
        endpoints.open(.post, "/v1/admin/disputes/{id}/won") { try await routes.decide(.won, $0) }
        endpoints.open(.post, "/v1/admin/disputes/{id}/lost") { try await routes.decide(.lost, $0) }
    }

    @Sendable private func open(_ call: Call) async throws -> Response {
        let request = try DisputeRequest(reading: try await call.request.smallJSONBody())
        if (try? call.id(InvoiceIdentity.self)) != nil { throw Refusal.disputeRefused(.isInvoice) }
        let (dispute, isReplay) = try await operators.openDispute(
            of: try call.id(), amount: request.amountMicros.map { Dollars(micros: $0) }, reference: request.reference,
            reason: request.reason, by: request.by)
        return try .json(DisputeBody(dispute), status: .created, headers: .replayed(isReplay))
    }

    @Sendable private func list(_ call: Call) async throws -> Response {
        _ = try call.query([])
        let disputes = try await operators.disputes(of: try call.id())
        return try .json(ListBody(data: disputes.map(DisputeBody.init), nextCursor: nil))
    }

    private func decide(_ decision: Dispute.Decision, _ call: Call) async throws -> Response {
        let request = try DecisionRequest(reading: try await call.request.smallJSONBody())
        return try .json(DisputeBody(try await operators.decideDispute(try call.id(), decision, by: request.by)))
    }
}

extension DisputeBody {
    fileprivate init(_ dispute: Dispute) {
        let claim = dispute.claim
        self.init(
            id: dispute.id.rawValue, organizationID: claim.organization.rawValue, purchaseID: claim.purchase.rawValue,
            status: dispute.state.rawValue, amountMicros: claim.amount?.micros, reference: claim.reference,
            reason: claim.reason, openedBy: claim.by, openedAt: dispute.openedAt.rfc3339,
            decidedBy: dispute.decidedBy, decidedAt: dispute.decidedAt?.rfc3339, lossMicros: dispute.loss.micros,
            closedAt: dispute.closedAt?.rfc3339)
    }
}
