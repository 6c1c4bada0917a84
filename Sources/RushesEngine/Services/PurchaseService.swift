package import RushesCore
import RushesDatabase
package import RushesStore

/// What customers do to get credits: they open purchases, and an operator grants them once they are paid.
package struct PurchaseService: Sendable {
    let engine: Engine

    /// The service of an engine.
    package init(_ engine: Engine) {
        self.engine = engine
    }
}

/// The answer to the opening of a purchase.
package struct PurchaseOpening: Sendable, Equatable {
    /// The purchase.
    package let intent: PurchaseIntent
    /// True when an equal request under the same key had opened it before.
    package let isReplay: Bool
}

extension PurchaseService {
    /// The prepaid packages on offer.
    ///
    /// - Throws: `DatabaseError`.
    package func packages() async throws -> [PackageOffer] {
        let engine = engine
        return try await engine.database.read { reader in
            try engine.catalogues.current(reader).catalogue.packages
        }
    }

    /// Opens a purchase that waits for its payment; what it pays and grants is fixed now.
    ///
    /// - Throws: `Refusal.idempotencyMismatch` when the key named another purchase, `Refusal.unknownPackage`,
    ///   `Refusal.tooManyPendingPurchases`, `Refusal.invalidArgument`, `Refusal.notFound`, `DatabaseError`.
    package func open(
        _ order: PurchaseOrder, requestID: String, for organization: OrganizationID
    ) async throws -> PurchaseOpening {
        guard BatchDraft.requestIDIssue(requestID) == nil else {
            throw Refusal.invalidArgument(
                name: "request_id", reason: "a request_id has 1 to 255 printable ASCII characters")
        }
        let engine = engine
        return try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard try transaction.lockWallet(organization) != nil else { throw Refusal.notFound }
            if let first = try transaction.purchaseIntent(requestID: requestID, of: organization) {
                if let pointer = first.firstDifference(from: order) {
                    throw Refusal.idempotencyMismatch(pointer: pointer)
                }
                return PurchaseOpening(intent: first, isReplay: true)
            }
            let offer = try engine.catalogues.current(transaction).catalogue.refusableOffer(for: order)
            let pendingMax = Limits.purchasesPendingMax
            guard try transaction.pendingPurchases(of: organization, limit: pendingMax).count < pendingMax else {
                throw Refusal.tooManyPendingPurchases
            }
            let intent = PurchaseIntent(
                id: engine.environment.ids.next(PurchaseIdentity.self), organization: organization,
                requestID: requestID, offer: offer, createdAt: transaction.now, state: .pending,
                changedAt: transaction.now)
            try transaction.insert(intent)
            return PurchaseOpening(intent: intent, isReplay: false)
        }
    }

    /// Calls a purchase off that waits for its payment; again it answers the same.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.purchaseChanged` when it was granted, `DatabaseError`.
    package func cancel(_ id: PurchaseID, of organization: OrganizationID) async throws -> PurchaseRecord {
        try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard try transaction.lockWallet(organization) != nil,
                var intent = try transaction.purchaseIntent(id, of: organization)
            else { throw Refusal.notFound }
            if intent.state != .cancelled {
                try intent.refusableChange(to: .cancelled, at: transaction.now)
                try transaction.save(intent)
            }
            return try transaction.records(of: [intent], in: organization)[0]
        }
    }

    /// A purchase with its payment.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func purchase(_ id: PurchaseID, of organization: OrganizationID) async throws -> PurchaseRecord {
        try await engine.database.read { reader in
            guard let intent = try reader.purchaseIntent(id, of: organization) else { throw Refusal.notFound }
            return try reader.records(of: [intent], in: organization)[0]
        }
    }

    /// Purchases, the newest first, before one of them.
    ///
    /// - Throws: `DatabaseError`.
    package func purchases(
        of organization: OrganizationID, before id: PurchaseID?, limit: Int
    ) async throws -> Page<PurchaseRecord> {
        try await engine.database.read { reader in
            let intents = try reader.purchaseIntents(of: organization, before: id, limit: limit + 1)
            return Page(try reader.records(of: intents, in: organization), limit: limit)
        }
    }
}

/// A purchase with its payment, and what was paid back of it.
package struct PurchaseRecord: Sendable, Equatable {
    /// What was to be bought, and how far it is.
    package let intent: PurchaseIntent
    /// What it costs with tax: while it is open as it would be invoiced now, then as its invoice says; nil for what was
    /// cancelled, or granted before there were invoices.
    package let charge: PurchaseCharge?
    /// The payment and the lot, once it was granted.
    package let purchase: Purchase?
    /// What was paid back.
    package let refund: PurchaseRefund?
}

/// What a purchase costs with tax.
package struct PurchaseCharge: Sendable, Equatable {
    /// Net, tax and total.
    package let sums: InvoiceSums
    /// The rate of the tax.
    package let taxRate: TaxRate
}

extension SQLReading {
    /// Purchases of an organization with what became of them.
    func records(
        of intents: [PurchaseIntent], in organization: OrganizationID
    ) throws(DatabaseError) -> [PurchaseRecord] {
        let buyer = try intents.contains { $0.state == .pending } ? billingProfile(of: organization) : nil
        return try intents.map { intent throws(DatabaseError) in try record(of: intent, buyer: buyer) }
    }

    private func record(of intent: PurchaseIntent, buyer: BillingProfile?) throws(DatabaseError) -> PurchaseRecord {
        switch intent.state {
        case .pending:
            let charge = buyer.map { PurchaseCharge(sums: $0.sums(for: intent.offer), taxRate: $0.taxRate) }
            return PurchaseRecord(intent: intent, charge: charge, purchase: nil, refund: nil)
        case .cancelled: return PurchaseRecord(intent: intent, charge: nil, purchase: nil, refund: nil)
        case .granted:
            return PurchaseRecord(
                intent: intent, charge: try invoiced(intent.id), purchase: try purchase(intent.id), refund: nil)
        case .refunded:
            return PurchaseRecord(
                intent: intent, charge: try invoiced(intent.id), purchase: try purchase(intent.id),
                refund: try refund(of: intent.id))
        }
    }

    private func invoiced(_ purchase: PurchaseID) throws(DatabaseError) -> PurchaseCharge? {
        guard let invoice = try invoice(of: purchase) else { return nil }
        let rate = try invoice.content().taxRateBasisPoints
        return PurchaseCharge(sums: invoice.sums, taxRate: TaxRate(trusted: rate))
    }
}
