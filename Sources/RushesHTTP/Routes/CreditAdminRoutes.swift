import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// What operators do to wallets: payments, refunds, disputes, gifts, corrections.
struct CreditAdminRoutes: Sendable {
    let operators: OperatorService

    func add(to endpoints: inout Endpoints) {
        endpoints.open(.post, "/v1/admin/purchases", purchase)
        endpoints.open(.post, "/v1/admin/purchases/{id}/confirm", confirm)
        endpoints.open(.post, "/v1/admin/purchases/{id}/refund", refund)
        endpoints.open(.get, "/v1/admin/organizations/{id}/purchases", pending)
        DisputeAdminRoutes(operators: operators).add(to: &endpoints)
        endpoints.open(.post, "/v1/admin/grants", grant)
        endpoints.open(.get, "/v1/admin/adjustments", adjustments)
        endpoints.open(.post, "/v1/admin/adjustments", propose)
        let routes = self
        endpoints.open(.post, "/v1/admin/adjustments/{id}/approve") { try await routes.decide(.approve, $0) }
        endpoints.open(.post, "/v1/admin/adjustments/{id}/reject") { try await routes.decide(.reject, $0) }
    }

    @Sendable private func purchase(_ call: Call) async throws -> Response {
        let request = try PurchaseRequest(reading: try await call.request.smallJSONBody())
        let receipt = try await operators.confirmPurchase(
            try PurchaseOrder(package: request.package, topupMicros: request.topupMicros),
            for: try organization(request.organizationID), reference: request.reference)
        return try await answer(receipt)
    }

    @Sendable private func confirm(_ call: Call) async throws -> Response {
        let request = try PaymentReference(reading: try await call.request.smallJSONBody())
        return try await answer(try await operators.confirmPurchase(try call.id(), reference: request.reference))
    }

    private func answer(_ receipt: PurchaseReceipt) async throws -> Response {
        let record = try await operators.purchase(receipt.purchase.id, of: receipt.purchase.organization)
        return try .json(PurchaseBody(record), status: .created, headers: .replayed(receipt.isReplay))
    }

    @Sendable private func refund(_ call: Call) async throws -> Response {
        let request = try RefundRequest(reading: try await call.request.smallJSONBody())
        let (refund, isReplay) = try await operators.refundPurchase(
            try call.id(), reference: request.reference, reason: request.reason, by: request.by)
        return try .json(PurchaseRefundBody(refund), status: .created, headers: .replayed(isReplay))
    }

    @Sendable private func pending(_ call: Call) async throws -> Response {
        let records = try await operators.pendingPurchases(of: try call.id())
        return try .json(ListBody(data: records.map(PurchaseBody.init), nextCursor: nil))
    }

    @Sendable private func grant(_ call: Call) async throws -> Response {
        let request = try GrantRequest(reading: try await call.request.smallJSONBody())
        guard let origin = LotOrigin(rawValue: request.kind) else {
            throw Problem.invalid("/kind", "invalid_value", "promo or sla_credit")
        }
        let (grant, isReplay) = try await operators.grant(
            GrantOrder(
                organization: try organization(request.organizationID), origin: origin,
                face: Credits(micros: request.faceMicros),
                expiresAt: try request.expiresAt.map { text throws(Problem) in try Timestamp(text, at: "/expires_at") },
                reference: request.reference, reason: request.reason, by: request.by))
        return try .json(GrantBody(grant), status: .created, headers: .replayed(isReplay))
    }

    @Sendable private func adjustments(_ call: Call) async throws -> Response {
        let query = try call.query(["organization_id"])
        let organization = try query["organization_id"].map(organization)
        let found = try await operators.adjustments(of: organization)
        return try .json(ListBody(data: found.map(AdjustmentBody.init), nextCursor: nil))
    }

    @Sendable private func propose(_ call: Call) async throws -> Response {
        let request = try AdjustmentRequest(reading: try await call.request.smallJSONBody())
        let adjustment = try await operators.proposeAdjustment(
            Adjustment.Proposal(
                organization: try organization(request.organizationID), amount: Credits(micros: request.amountMicros),
                reason: request.reason, ticket: request.ticket, by: request.by))
        return try .json(AdjustmentBody(adjustment), status: .created)
    }

    private func decide(_ decision: Adjustment.Decision, _ call: Call) async throws -> Response {
        let request = try DecisionRequest(reading: try await call.request.smallJSONBody())
        return try .json(
            AdjustmentBody(try await operators.decideAdjustment(try call.id(), decision, by: request.by)))
    }

    private func organization(_ text: String) throws(Problem) -> OrganizationID {
        guard let organization = OrganizationID(text) else { throw .notFound }
        return organization
    }
}

extension GrantBody {
    fileprivate init(_ grant: CreditGrant) {
        self.init(
            id: grant.id.rawValue, organizationID: grant.organization.rawValue, kind: grant.origin.rawValue,
            faceMicros: grant.face.micros, expiresAt: grant.expiresAt?.rfc3339, lotID: grant.lot.rawValue,
            reference: grant.reference, reason: grant.reason, by: grant.by, createdAt: grant.createdAt.rfc3339)
    }
}

extension AdjustmentBody {
    fileprivate init(_ adjustment: Adjustment) {
        let proposal = adjustment.proposal
        self.init(
            id: adjustment.id.rawValue, organizationID: proposal.organization.rawValue,
            status: adjustment.state.rawValue, amountMicros: proposal.amount.micros, reason: proposal.reason,
            ticket: proposal.ticket, proposedBy: proposal.by, proposedAt: adjustment.proposedAt.rfc3339,
            decidedBy: adjustment.decidedBy, decidedAt: adjustment.decidedAt?.rfc3339)
    }
}
