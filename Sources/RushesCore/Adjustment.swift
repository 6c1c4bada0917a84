/// A correction of a wallet: one operator proposes it, another one approves it (`reference/ledger-billing.md` b.5).
package struct Adjustment: Sendable, Equatable {
    /// How far it is.
    package enum State: String, Sendable, CaseIterable {
        case proposed, approved, rejected
    }

    /// What an operator asks for.
    package struct Proposal: Sendable, Equatable {
        /// The wallet.
        package let organization: OrganizationID
        /// Micro-credits: above zero they are given, below zero taken.
        package let amount: Credits
        /// Why, for people.
        package let reason: String
        /// Where it was asked for.
        package let ticket: String
        /// Who asks.
        package let by: String

        /// A proposal from its parts.
        package init(organization: OrganizationID, amount: Credits, reason: String, ticket: String, by: String) {
            self.organization = organization
            self.amount = amount
            self.reason = reason
            self.ticket = ticket
            self.by = by
        }
    }

    /// The correction.
    package let id: AdjustmentID
    /// What was asked for.
    package let proposal: Proposal
    /// When it was asked for.
    package let proposedAt: Timestamp
    /// How far it is.
    package private(set) var state: State
    /// Who has decided; nil until then.
    package private(set) var decidedBy: String?
    /// When it was decided.
    package private(set) var decidedAt: Timestamp?

    /// A correction as it stands in the database.
    package init(
        id: AdjustmentID, proposal: Proposal, proposedAt: Timestamp, state: State = .proposed,
        decidedBy: String? = nil, decidedAt: Timestamp? = nil
    ) {
        self.id = id
        self.proposal = proposal
        self.proposedAt = proposedAt
        self.state = state
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
    }

    /// Decides a proposal: it takes a second person to approve it, and anyone may reject it.
    ///
    /// - Throws: `AdjustmentRefusal`.
    package mutating func decide(
        _ decision: Decision, by name: String, at now: Timestamp
    ) throws(AdjustmentRefusal) {
        guard state == .proposed else { throw .alreadyDecided(state) }
        switch decision {
        case .approve:
            if name == proposal.by { throw .needsAnotherPerson }
            state = .approved
        case .reject: state = .rejected
        }
        decidedBy = name
        decidedAt = now
    }

    /// What is decided.
    package enum Decision: Sendable, Equatable {
        case approve, reject
    }
}

/// Why a correction is not decided; nothing was written.
package enum AdjustmentRefusal: Error, Sendable, Equatable {
    /// It was decided before.
    case alreadyDecided(Adjustment.State)
    /// Who proposed it cannot approve it.
    case needsAnotherPerson
    /// The wallet has fewer free credits than are to be taken.
    case insufficientCredits(needed: Credits, available: Credits)
}

extension Wallet {
    /// From which lots a correction takes free credits: gifts first, as a freeze does.
    ///
    /// - Throws: `AdjustmentRefusal.insufficientCredits`.
    package func taking(_ amount: Credits, at now: Timestamp) throws(AdjustmentRefusal) -> [HoldPart] {
        let available = available(at: now)
        guard amount <= available else { throw .insufficientCredits(needed: amount, available: available) }
        return draw(amount, at: now)
    }
}
