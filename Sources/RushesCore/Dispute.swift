/// A bank asks whether a payment stands (a chargeback). From its opening until the payment stands, or until the books
/// say that it went back, the wallet freezes nothing new; running batches finish (`reference/ledger-billing.md` b.5).
package struct Dispute: Sendable, Equatable {
    /// How far it is.
    package enum State: String, Sendable, CaseIterable {
        /// The bank has not decided.
        case open
        /// The payment stands.
        case won
        /// The bank took the payment back; running batches hold credits of the purchase, which may still be charged.
        case lost
        /// The payment went back, and the books say so.
        case chargedBack = "charged_back"
    }

    /// What is asked.
    package struct Claim: Sendable, Equatable {
        /// Whose wallet.
        package let organization: OrganizationID
        /// The purchase whose payment is disputed.
        package let purchase: PurchaseID
        /// What the bank asks for, with its tax; nil for everything that is kept of the payment.
        package let amount: Dollars?
        /// The bank's reference, unique for ever.
        package let reference: String
        /// Why, for people.
        package let reason: String
        /// Which operator recorded it.
        package let by: String

        /// A claim from its parts.
        package init(
            organization: OrganizationID, purchase: PurchaseID, amount: Dollars? = nil, reference: String,
            reason: String, by: String
        ) {
            self.organization = organization
            self.purchase = purchase
            self.amount = amount
            self.reference = reference
            self.reason = reason
            self.by = by
        }
    }

    /// The bank's decision.
    package enum Decision: String, Sendable, CaseIterable {
        case won, lost
    }

    /// The dispute.
    package let id: DisputeID
    /// What is asked.
    package let claim: Claim
    /// When it was recorded.
    package let openedAt: Timestamp
    /// The wallet's last ledger transaction then: what follows is no freeze until `closedSequence`.
    package let openedSequence: Int
    /// How far it is.
    package private(set) var state: State
    /// Who recorded the decision; nil until then.
    package private(set) var decidedBy: String?
    /// When the decision was recorded.
    package private(set) var decidedAt: Timestamp?
    /// The cash that the bank took beyond what credits were taken back for; zero until it is charged back.
    package private(set) var loss: Dollars
    /// When it suspended the wallet no more.
    package private(set) var closedAt: Timestamp?
    /// The wallet's last ledger transaction then.
    package private(set) var closedSequence: Int?

    /// A dispute as it stands in the database.
    package init(
        id: DisputeID, claim: Claim, openedAt: Timestamp, openedSequence: Int, state: State = .open,
        decidedBy: String? = nil, decidedAt: Timestamp? = nil, loss: Dollars = .zero, closedAt: Timestamp? = nil,
        closedSequence: Int? = nil
    ) {
        self.id = id
        self.claim = claim
        self.openedAt = openedAt
        self.openedSequence = openedSequence
        self.state = state
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.loss = loss
        self.closedAt = closedAt
        self.closedSequence = closedSequence
    }
}

extension Dispute {
    /// True while its wallet freezes nothing new.
    package var suspendsWallet: Bool {
        switch state {
        case .open, .lost: true
        case .won, .chargedBack: false
        }
    }

    /// Takes the bank's decision, at the wallet's last ledger transaction; the same one again changes nothing.
    ///
    /// - Returns: True when it is new.
    /// - Throws: `DisputeRefusal.isDecided`.
    package mutating func decide(
        _ decision: Decision, by name: String, at now: Timestamp, sequence: Int
    ) throws(DisputeRefusal) -> Bool {
        switch (state, decision) {
        case (.won, .won), (.lost, .lost), (.chargedBack, .lost): return false
        case (.won, .lost), (.lost, .won), (.chargedBack, .won): throw .isDecided(state)
        case (.open, .won):
            state = .won
            close(at: now, sequence: sequence)
        case (.open, .lost): state = .lost
        }
        decidedBy = name
        decidedAt = now
        return true
    }

    /// The books say that the payment went back: a lost dispute ends.
    ///
    /// - Throws: `DisputeRefusal.isNotLost`.
    package mutating func chargeBack(losing loss: Dollars, at now: Timestamp, sequence: Int) throws(DisputeRefusal) {
        switch state {
        case .open, .won, .chargedBack: throw .isNotLost(state)
        case .lost: break
        }
        precondition(loss >= .zero, "a bank takes no more back than was paid")
        state = .chargedBack
        self.loss = loss
        close(at: now, sequence: sequence)
    }

    private mutating func close(at now: Timestamp, sequence: Int) {
        closedAt = now
        closedSequence = sequence
    }
}

/// Why a dispute is not opened or not decided; nothing was written.
package enum DisputeRefusal: Error, Sendable, Equatable {
    /// The bank has decided the other way, as far as the books know.
    case isDecided(Dispute.State)
    /// Only a lost dispute is charged back.
    case isNotLost(Dispute.State)
    /// Another dispute of the same payment is open or lost.
    case isDisputed(DisputeID)
    /// Everything that was paid has gone back already.
    case nothingIsKept
    /// The bank asks for more than is kept of the payment.
    case exceedsKept(Dollars)
    /// It is an invoice, whose payment is no purchase.
    case isInvoice
}

extension LedgerTransaction {
    /// A bank took a payment back: what the customer had used of the purchase is lost. What was left of it goes by a
    /// refund in the same database transaction.
    package static func dispute(_ reference: String, losing loss: Dollars) -> LedgerTransaction {
        LedgerTransaction(
            .dispute, reference: "dispute:\(reference)", [.dollars(.disputeLoss, loss), .dollars(.cash, -loss)])
    }
}

extension LedgerTransaction {
    /// A bank took a part of a payment back: free credits that this part had bought are gone, and the cash that waited
    /// for them went; the rest of the part is lost.
    package static func dispute(
        _ reference: String, taking credits: Credits, of lot: LotID, for cash: Dollars, losing loss: Dollars
    ) -> LedgerTransaction {
        LedgerTransaction(
            .dispute, reference: "dispute:\(reference)",
            [
                .credits(.lotAvailable(lot), -credits), .credits(.adjust, credits), .dollars(.deferred(lot), cash),
                .dollars(.disputeLoss, loss), .dollars(.cash, -(cash + loss)),
            ])
    }
}
