package import RushesCore
import RushesDatabase
package import RushesStore

/// What a confirmed purchase granted.
package struct PurchaseReceipt: Sendable, Equatable {
    /// The purchase.
    package let purchase: Purchase
    /// True when the same purchase had been confirmed before.
    package let isReplay: Bool
}

extension OperatorService {
    /// Grants what was paid for, once for each payment reference.
    ///
    /// - Throws: `Refusal.purchaseMismatch` when the reference names another purchase, `Refusal.notFound`,
    ///   `Refusal.unknownPackage`, `Refusal.invalidArgument`, `DatabaseError`.
    package func confirmPurchase(
        _ order: PurchaseOrder, for organization: OrganizationID, reference: String
    ) async throws -> PurchaseReceipt {
        try expectReference(reference)
        let engine = engine
        return try await engine.database.writeByKey(in: .wallet(of: organization)) { transaction in
            guard var wallet = try transaction.lockWallet(organization) else { throw Refusal.notFound }
            let offer = try engine.catalogues.current(transaction).catalogue.refusableOffer(for: order)
            if let first = try transaction.purchase(reference: reference) {
                guard first.isSame(as: offer, for: organization) else {
                    throw Refusal.purchaseMismatch(reference: reference)
                }
                return PurchaseReceipt(purchase: first, isReplay: true)
            }
            let intent = PurchaseIntent(
                id: engine.environment.ids.next(PurchaseIdentity.self), organization: organization, requestID: nil,
                offer: offer, createdAt: transaction.now, state: .granted, changedAt: transaction.now)
            try transaction.insert(intent)
            return try transaction.grant(intent, reference: reference, to: &wallet, for: engine)
        }
    }

    /// Grants a purchase that a customer has opened, now that its payment is there; once for each payment reference.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.purchaseMismatch` when the reference names another purchase,
    ///   `Refusal.purchaseChanged` when it was cancelled or granted for another payment, `Refusal.invalidArgument`,
    ///   `DatabaseError`.
    package func confirmPurchase(_ id: PurchaseID, reference: String) async throws -> PurchaseReceipt {
        try expectReference(reference)
        let engine = engine
        return try await change(id) { intent, wallet, transaction in
            if let first = try transaction.purchase(reference: reference) {
                guard first.id == id else { throw Refusal.purchaseMismatch(reference: reference) }
                return PurchaseReceipt(purchase: first, isReplay: true)
            }
            try intent.refusableChange(to: .granted, at: transaction.now)
            try transaction.save(intent)
            return try transaction.grant(intent, reference: reference, to: &wallet, for: engine)
        }
    }

    /// Pays back what is left of a purchase: the operator has sent the cash that waits for it, and names that payment.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.purchaseMismatch` when the reference names another payment back,
    ///   `Refusal.purchaseChanged`, `Refusal.refundRefused`, `Refusal.disputeRefused` while its payment is disputed,
    ///   `Refusal.invalidArgument`, `DatabaseError`.
    package func refundPurchase(
        _ id: PurchaseID, reference: String, reason: String, by name: String
    ) async throws -> (refund: PurchaseRefund, isReplay: Bool) {
        try expectReference(reference)
        try expect(reason: reason, by: name)
        let engine = engine
        return try await change(id) { intent, wallet, transaction in
            if let first = try transaction.purchaseRefunded(by: reference) {
                guard first == id, let refund = try transaction.refund(of: id) else {
                    throw Refusal.purchaseMismatch(reference: reference)
                }
                return (refund, true)
            }
            try intent.refusableChange(to: .refunded, at: transaction.now)
            if let dispute = try transaction.dispute(of: id) {
                throw Refusal.disputeRefused(.isDisputed(dispute.id))
            }
            guard let purchase = try transaction.purchase(id) else { throw Refusal.notFound }
            do {
                let refund = try transaction.refund(
                    purchase, reference: reference, reason: reason, by: name, from: &wallet,
                    seller: engine.seller, ids: engine.environment.ids)
                try transaction.save(intent)
                return (refund, false)
            } catch let refusal as RefundRefusal {
                throw Refusal.refundRefused(refusal)
            }
        }
    }

    /// A purchase with its payment.
    ///
    /// - Throws: `Refusal.notFound`, `DatabaseError`.
    package func purchase(_ id: PurchaseID, of organization: OrganizationID) async throws -> PurchaseRecord {
        try await PurchaseService(engine).purchase(id, of: organization)
    }

    /// Purchases of an organization that wait for their payment, the oldest first.
    ///
    /// - Throws: `DatabaseError`.
    package func pendingPurchases(of organization: OrganizationID) async throws -> [PurchaseRecord] {
        try await engine.database.read { reader in
            let intents = try reader.pendingPurchases(of: organization, limit: Limits.purchasesPendingMax)
            return try reader.records(of: intents, in: organization)
        }
    }

    /// Changes a purchase under its wallet's lock.
    private func change<Result: Sendable>(
        _ id: PurchaseID,
        _ body:
            @escaping @Sendable (inout PurchaseIntent, inout WalletRow, any SQLTransaction) throws -> Result
    ) async throws -> Result {
        let engine = engine
        let owner = try await engine.database.read { reader in try reader.organization(of: id) }
        guard let owner else { throw Refusal.notFound }
        return try await engine.database.writeByKey(in: .wallet(of: owner)) { transaction in
            guard var wallet = try transaction.lockWallet(owner),
                var intent = try transaction.purchaseIntent(id, of: owner)
            else { throw Refusal.notFound }
            return try body(&intent, &wallet, transaction)
        }
    }
}

extension SQLTransaction {
    /// Grants what an intent says, issues its invoice, and tells the owner of both.
    fileprivate func grant(
        _ intent: PurchaseIntent, reference: String, to wallet: inout WalletRow, for engine: Engine
    ) throws -> PurchaseReceipt {
        let ids = engine.environment.ids
        if try invoicePaid(by: reference) != nil { throw Refusal.paymentMismatch(reference: reference) }
        let purchase = Purchase(
            id: intent.id, organization: intent.organization, reference: reference, package: intent.offer.package,
            paid: intent.offer.paid, face: intent.offer.face, lot: ids.next(LotIdentity.self), confirmedAt: now)
        let posted = try grant(
            purchase, origin: intent.offer.origin, seller: engine.seller, to: &wallet, ids: ids)
        try announce(posted, granting: intent.offer.face, in: purchase.lot, to: wallet, ids: ids)
        return PurchaseReceipt(purchase: purchase, isReplay: false)
    }

    /// Tells a wallet's owner that credits have come.
    func announce(
        _ posted: PostedTransaction, granting face: Credits, in lot: LotID, to wallet: WalletRow, ids: any IDSource
    ) throws(DatabaseError) {
        let data = [
            "transaction_id": posted.id.rawValue, "lot_id": lot.rawValue, "kind": posted.kind,
            "face_micros": String(face.micros), "available_micros": String(posted.availableAfter.micros),
        ]
        let event = Event(.walletToppedUp, data: data)
        try append([event], to: wallet.organization, ids: ids)
    }
}

extension PurchaseIntent {
    /// Changes its state, with a refusal for a change that it does not take.
    mutating func refusableChange(to next: State, at now: Timestamp) throws(Refusal) {
        do {
            try become(next, at: now)
        } catch {
            throw .purchaseChanged(error)
        }
    }
}

extension Catalogue {
    /// What an order pays and grants, with a refusal for an order that cannot be had.
    func refusableOffer(for order: PurchaseOrder) throws(Refusal) -> PurchaseOffer {
        do {
            return try offer(for: order)
        } catch {
            switch error {
            case .unknownPackage(let id): throw .unknownPackage(id)
            case .invalidTopup:
                throw .invalidArgument(name: "topup_micros", reason: "between 1 and \(Limits.lotMicrosMax)")
            }
        }
    }
}

extension Purchase {
    fileprivate func isSame(as offer: PurchaseOffer, for organization: OrganizationID) -> Bool {
        self.organization == organization && package == offer.package && paid == offer.paid && face == offer.face
    }
}

extension OperatorService {
    func expectReference(_ reference: String) throws(Refusal) {
        if BatchDraft.requestIDIssue(reference) == nil { return }
        throw .invalidArgument(name: "reference", reason: "a reference has 1 to 255 printable ASCII characters")
    }

    func expect(reason: String, by name: String) throws(Refusal) {
        try expect(text: reason, "reason", Limits.reasonCharactersMax)
        try expect(text: name, "by", Limits.operatorNameCharactersMax)
    }

    func expect(text: String, _ name: String, _ charactersMax: Int) throws(Refusal) {
        if !text.isEmpty, text.count <= charactersMax, !text.hasControlCharacters { return }
        throw .invalidArgument(name: name, reason: "1 to \(charactersMax) characters and no control characters")
    }
}
