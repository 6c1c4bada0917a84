package import RushesCore
import RushesDatabase
import RushesStore

extension OperatorService {
    /// Records that a bank asks whether a payment stands, once for each of the bank's references. The wallet freezes
    /// nothing until the dispute ends; running batches finish.
    ///
    /// - Parameter amount: what the bank asks for, with its tax; nil for everything that is kept of the payment.
    /// - Throws: `Refusal.notFound` unless it is a granted purchase, `Refusal.disputeMismatch` when the reference names
    ///   another dispute, `Refusal.disputeRefused`, `Refusal.invalidArgument`, `DatabaseError`.
    package func openDispute(
        of purchase: PurchaseID, amount: Dollars? = nil, reference: String, reason: String, by name: String
    ) async throws -> (dispute: Dispute, isReplay: Bool) {
        try expectReference(reference)
        try expect(reason: reason, by: name)
        if let amount, amount <= .zero { throw Refusal.invalidArgument(name: "amount_micros", reason: "above zero") }
        let engine = engine
        let owner = try await engine.database.read { reader in try reader.organization(of: purchase) }
        guard let owner else { throw Refusal.notFound }
        let claim = Dispute.Claim(
            organization: owner, purchase: purchase, amount: amount, reference: reference, reason: reason, by: name)
        return try await engine.database.writeByKey(in: .wallet(of: owner)) { transaction in
            guard var wallet = try transaction.lockWallet(owner), let granted = try transaction.purchase(purchase)
            else { throw Refusal.notFound }
            if let first = try transaction.dispute(reference: reference) {
                guard first.claim.purchase == purchase, first.claim.amount == amount else {
                    throw Refusal.disputeMismatch(reference: reference)
                }
                return (first, true)
            }
            if let other = try transaction.dispute(of: purchase) {
                throw Refusal.disputeRefused(.isDisputed(other.id))
            }
            let kept = try transaction.cashKept(of: granted)
            if kept == .zero { throw Refusal.disputeRefused(.nothingIsKept) }
            if let amount, amount > kept { throw Refusal.disputeRefused(.exceedsKept(kept)) }
            let dispute = Dispute(
                id: engine.environment.ids.next(DisputeIdentity.self), claim: claim, openedAt: transaction.now,
                openedSequence: wallet.ledgerSequence)
            try transaction.open(dispute, suspending: &wallet)
            return (dispute, false)
        }
    }

    /// Records what a bank has decided. A lost payment is booked out at once, or when running batches no longer hold
    /// credits of its purchase; the same decision again answers the same.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.disputeRefused`, `Refusal.invalidArgument`, `DatabaseError`.
    package func decideDispute(
        _ id: DisputeID, _ decision: Dispute.Decision, by name: String
    ) async throws -> Dispute {
        try expect(text: name, "by", Limits.operatorNameCharactersMax)
        let engine = engine
        let owner = try await engine.database.read { reader in try reader.dispute(id)?.claim.organization }
        guard let owner else { throw Refusal.notFound }
        return try await engine.database.writeByKey(in: .wallet(of: owner)) { transaction in
            guard var wallet = try transaction.lockWallet(owner), var dispute = try transaction.dispute(id) else {
                throw Refusal.notFound
            }
            do {
                let isNew = try dispute.decide(
                    decision, by: name, at: transaction.now, sequence: wallet.ledgerSequence)
                guard isNew else { return dispute }
                try transaction.save(dispute, of: &wallet)
                switch decision {
                case .won: break
                case .lost:
                    _ = try transaction.chargeBack(
                        &dispute, from: &wallet, seller: engine.seller, ids: engine.environment.ids)
                }
                return dispute
            } catch let refusal as DisputeRefusal {
                throw Refusal.disputeRefused(refusal)
            }
        }
    }

    /// Disputes of an organization, the newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func disputes(of organization: OrganizationID) async throws -> [Dispute] {
        try await engine.database.read { try $0.disputes(of: organization, limit: Limits.pageItemsMax) }
    }

    /// Books lost disputes out that waited for running batches; answers how many.
    ///
    /// - Throws: `DatabaseError`.
    func chargeBackLostDisputes(limit: Int) async throws -> Int {
        let engine = engine
        var ended = 0
        for waiting in try await engine.database.read({ try $0.disputesToChargeBack(limit: limit) }) {
            let owner = waiting.claim.organization
            let hasEnded = try await engine.database.writeByKey(in: .wallet(of: owner)) { transaction in
                guard var wallet = try transaction.lockWallet(owner), var dispute = try transaction.dispute(waiting.id),
                    dispute.state == .lost
                else { return false }
                return try transaction.chargeBack(
                    &dispute, from: &wallet, seller: engine.seller, ids: engine.environment.ids)
            }
            if hasEnded { ended += 1 }
        }
        return ended
    }
}
