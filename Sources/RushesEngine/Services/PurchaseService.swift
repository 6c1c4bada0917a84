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
            return PurchaseRecord(intent: intent, purchase: nil, refund: nil)
        }
    }

    /// A purchase with its payment.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func purchase(_ id: PurchaseID, of organization: OrganizationID) async throws -> PurchaseRecord {
        try await engine.database.read { reader in
            guard let intent = try reader.purchaseIntent(id, of: organization) else { throw Refusal.notFound }
            return try reader.record(of: intent)
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
            return Page(try intents.map { try reader.record(of: $0) }, limit: limit)
        }
    }
}

/// A purchase with its payment, and what was paid back of it.
package struct PurchaseRecord: Sendable, Equatable {
    /// What was to be bought, and how far it is.
    package let intent: PurchaseIntent
    /// The payment and the lot, once it was granted.
    package let purchase: Purchase?
    /// What was paid back.
    package let refund: PurchaseRefund?

    /// A record from its parts.
    package init(intent: PurchaseIntent, purchase: Purchase?, refund: PurchaseRefund?) {
        self.intent = intent
        self.purchase = purchase
        self.refund = refund
    }
}

extension SQLReading {
    fileprivate func record(of intent: PurchaseIntent) throws(DatabaseError) -> PurchaseRecord {
        switch intent.state {
        case .pending, .cancelled: PurchaseRecord(intent: intent, purchase: nil, refund: nil)
        case .granted: PurchaseRecord(intent: intent, purchase: try purchase(intent.id), refund: nil)
        case .refunded:
            PurchaseRecord(intent: intent, purchase: try purchase(intent.id), refund: try refund(of: intent.id))
        }
    }
}
