package import RushesCore
import RushesDatabase
package import RushesStore

/// A gift as an operator asks for it.
package struct GrantOrder: Sendable, Equatable {
    /// Who gets it.
    package let organization: OrganizationID
    /// The kind of lot: `promo` or `sla_credit`.
    package let origin: LotOrigin
    /// How much.
    package let face: Credits
    /// When what is left of it goes; nil for never.
    package let expiresAt: Timestamp?
    /// What it is unique by for ever.
    package let reference: String
    /// Why, for people.
    package let reason: String
    /// Which operator.
    package let by: String

    /// An order from its parts.
    package init(
        organization: OrganizationID, origin: LotOrigin, face: Credits, expiresAt: Timestamp?, reference: String,
        reason: String, by: String
    ) {
        self.organization = organization
        self.origin = origin
        self.face = face
        self.expiresAt = expiresAt
        self.reference = reference
        self.reason = reason
        self.by = by
    }
}

extension OperatorService {
    /// Gives credits away, once for each reference.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.grantMismatch` when the reference names another gift,
    ///   `Refusal.invalidArgument`, `DatabaseError`.
    package func grant(_ order: GrantOrder) async throws -> (grant: CreditGrant, isReplay: Bool) {
        try expectReference(order.reference)
        try expect(reason: order.reason, by: order.by)
        guard order.origin.isGift else { throw Refusal.invalidArgument(name: "kind", reason: "promo or sla_credit") }
        guard order.face > .zero, order.face.micros <= Limits.lotMicrosMax else {
            throw Refusal.invalidArgument(name: "face_micros", reason: "between 1 and \(Limits.lotMicrosMax)")
        }
        let engine = engine
        return try await engine.database.writeByKey(in: .wallet(of: order.organization)) { transaction in
            guard var wallet = try transaction.lockWallet(order.organization) else { throw Refusal.notFound }
            if let first = try transaction.creditGrant(reference: order.reference) {
                guard first.isSame(as: order) else { throw Refusal.grantMismatch(reference: order.reference) }
                return (first, true)
            }
            if let expiresAt = order.expiresAt, expiresAt <= transaction.now {
                throw Refusal.invalidArgument(name: "expires_at", reason: "a date to come")
            }
            let ids = engine.environment.ids
            let grant = CreditGrant(
                id: ids.next(GrantIdentity.self), organization: order.organization, origin: order.origin,
                face: order.face, expiresAt: order.expiresAt, reference: order.reference, reason: order.reason,
                by: order.by, lot: ids.next(LotIdentity.self), createdAt: transaction.now)
            let posted = try transaction.give(grant, to: &wallet, ids: ids)
            try transaction.announce(posted, granting: grant.face, in: grant.lot, to: wallet, ids: ids)
            return (grant, false)
        }
    }

    /// Asks for a correction of a wallet; another operator has to approve it.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.invalidArgument`, `DatabaseError`.
    package func proposeAdjustment(_ proposal: Adjustment.Proposal) async throws -> Adjustment {
        try expect(reason: proposal.reason, by: proposal.by)
        try expect(text: proposal.ticket, "ticket", Limits.reasonCharactersMax)
        let range = -Limits.lotMicrosMax...Limits.lotMicrosMax
        guard proposal.amount != .zero, range.contains(proposal.amount.micros) else {
            throw Refusal.invalidArgument(
                name: "amount_micros", reason: "not zero, and at most \(Limits.lotMicrosMax) either way")
        }
        let id = engine.environment.ids.next(AdjustmentIdentity.self)
        return try await engine.database.write { transaction in
            guard try transaction.organizationExists(proposal.organization) else { throw Refusal.notFound }
            let adjustment = Adjustment(id: id, proposal: proposal, proposedAt: transaction.now)
            try transaction.insert(adjustment)
            return adjustment
        }
    }

    /// Approves or rejects a correction; an approved one is posted in the same transaction.
    ///
    /// - Throws: `Refusal.notFound`, `Refusal.adjustmentRefused`, `Refusal.invalidArgument`, `DatabaseError`.
    package func decideAdjustment(
        _ id: AdjustmentID, _ decision: Adjustment.Decision, by name: String
    ) async throws -> Adjustment {
        try expect(text: name, "by", Limits.operatorNameCharactersMax)
        let engine = engine
        let owner = try await engine.database.read { reader in try reader.adjustment(id)?.proposal.organization }
        guard let owner else { throw Refusal.notFound }
        return try await engine.database.writeByKey(in: .wallet(of: owner)) { transaction in
            guard var wallet = try transaction.lockWallet(owner), var adjustment = try transaction.adjustment(id) else {
                throw Refusal.notFound
            }
            do {
                try adjustment.decide(decision, by: name, at: transaction.now)
                try transaction.save(adjustment)
                switch decision {
                case .approve: try transaction.carryOut(adjustment, on: &wallet, ids: engine.environment.ids)
                case .reject: break
                }
                return adjustment
            } catch let refusal as AdjustmentRefusal {
                throw Refusal.adjustmentRefused(refusal)
            }
        }
    }

    /// Corrections that wait for their decision, or those of an organization, the newest first.
    ///
    /// - Throws: `DatabaseError`.
    package func adjustments(of organization: OrganizationID?) async throws -> [Adjustment] {
        try await engine.database.read { reader in
            guard let organization else { return try reader.proposedAdjustments(limit: Limits.pageItemsMax) }
            return try reader.adjustments(of: organization, limit: Limits.pageItemsMax)
        }
    }
}

extension SQLTransaction {
    /// Posts an approved correction, and tells the owner of credits that come by it.
    fileprivate func carryOut(_ adjustment: Adjustment, on wallet: inout WalletRow, ids: any IDSource) throws {
        let lot = ids.next(LotIdentity.self)
        let posted = try post(adjustment, granting: lot, to: &wallet, ids: ids)
        let amount = adjustment.proposal.amount
        if amount > .zero { try announce(posted, granting: amount, in: lot, to: wallet, ids: ids) }
    }
}

extension CreditGrant {
    fileprivate func isSame(as order: GrantOrder) -> Bool {
        organization == order.organization && origin == order.origin && face == order.face
            && expiresAt == order.expiresAt
    }
}
