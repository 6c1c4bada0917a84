import HTTPTypes
import Hummingbird
import RushesCore
import RushesEngine
import RushesStore
import RushesWire

/// Packages on offer, and a customer's purchases. No route of customers grants credits.
struct PurchaseRoutes: Sendable {
    let purchases: PurchaseService

    func add(to endpoints: inout Endpoints) {
        let purchases = purchases
        endpoints.authorized(.get, "/v1/packages") { call, _ in
            _ = try call.query([])
            return try .json(ListBody(data: try await purchases.packages().map(PackageOfferBody.init), nextCursor: nil))
        }
        endpoints.authorized(.get, "/v1/purchases", list)
        endpoints.authorized(.post, "/v1/purchases", open)
        endpoints.authorized(.get, "/v1/purchases/{id}") { call, organization in
            _ = try call.query([])
            return try .json(PurchaseBody(try await purchases.purchase(try call.id(), of: organization)))
        }
        endpoints.authorized(.post, "/v1/purchases/{id}/cancel") { call, organization in
            _ = try call.query([])
            return try .json(PurchaseBody(try await purchases.cancel(try call.id(), of: organization)))
        }
    }

    @Sendable private func list(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        let query = try call.query(["limit", "cursor"])
        let name = "purchases"
        let page = try await purchases.purchases(
            of: organization, before: query.cursor(in: name), limit: query.limit())
        return try .json(page.list(name, by: \.intent.id, PurchaseBody.init))
    }

    @Sendable private func open(_ call: Call, _ organization: OrganizationID) async throws -> Response {
        _ = try call.query([])
        let request = try PurchaseOpeningRequest(reading: try await call.request.smallJSONBody())
        let order = try PurchaseOrder(package: request.package, topupMicros: request.topupMicros)
        let opened = try await purchases.open(order, requestID: request.requestID, for: organization)
        // Once it is granted, a repeated request is answered what became of it.
        let record = try await purchases.purchase(opened.intent.id, of: organization)
        return try .json(PurchaseBody(record), status: .created, headers: .replayed(opened.isReplay))
    }
}

extension PurchaseOrder {
    /// What a request asks for.
    ///
    /// - Throws: `Problem` unless exactly one of the two is given.
    init(package: String?, topupMicros: Int64?) throws(Problem) {
        switch (package, topupMicros) {
        case (let package?, nil): self = .package(package)
        case (nil, let micros?): self = .topup(Credits(micros: micros))
        case (nil, nil), (.some, .some): throw .invalid("", "one_of", "give either package or topup_micros")
        }
    }
}

extension PackageOfferBody {
    fileprivate init(_ offer: PackageOffer) {
        self.init(id: offer.id, paidMicros: offer.paid.micros, faceMicros: offer.face.micros)
    }
}

extension PurchaseBody {
    init(_ record: PurchaseRecord) {
        let intent = record.intent
        self.init(
            id: intent.id.rawValue, organizationID: intent.organization.rawValue, requestID: intent.requestID,
            package: intent.offer.package, status: intent.state.rawValue, paidMicros: intent.offer.paid.micros,
            taxMicros: record.charge?.sums.tax.micros,
            taxRateBasisPoints: record.charge?.taxRate.basisPoints,
            totalMicros: record.charge?.sums.total.micros, faceMicros: intent.offer.face.micros,
            lotID: record.purchase?.lot.rawValue,
            reference: record.purchase?.reference, refund: record.refund.map(PurchaseRefundBody.init),
            createdAt: intent.createdAt.rfc3339, grantedAt: record.purchase?.confirmedAt.rfc3339)
    }
}

extension PurchaseRefundBody {
    init(_ refund: PurchaseRefund) {
        self.init(
            creditsMicros: refund.credits.micros, cashMicros: refund.cash.micros, taxMicros: refund.tax.micros,
            reference: refund.reference, reason: refund.reason, createdAt: refund.createdAt.rfc3339)
    }
}
