import RushesCore
import Testing

/// How far a dispute is, and what may follow.
@Suite struct DisputeTests {
    private func dispute(_ state: Dispute.State) throws -> Dispute {
        var dispute = Dispute(
            id: DisputeID(trusted: "dsp_1"),
            claim: Dispute.Claim(
                organization: OrganizationID(trusted: "org_1"), purchase: PurchaseID(trusted: "pur_1"),
                reference: "bank-1", reason: "unknown", by: "ada"),
            openedAt: moment(1), openedSequence: 3)
        switch state {
        case .open: break
        case .won: _ = try dispute.decide(.won, by: "bob", at: moment(2), sequence: 4)
        case .lost: _ = try dispute.decide(.lost, by: "bob", at: moment(2), sequence: 4)
        case .chargedBack:
            _ = try dispute.decide(.lost, by: "bob", at: moment(2), sequence: 4)
            try dispute.chargeBack(losing: Dollars(micros: 5), at: moment(3), sequence: 6)
        }
        return dispute
    }

    @Test func aWalletIsSuspendedUntilTheEnd() throws {
        let suspending = try Dispute.State.allCases.filter { try dispute($0).suspendsWallet }
        #expect(suspending == [.open, .lost])
        #expect(try dispute(.won).closedSequence == 4)
        let gone = try dispute(.chargedBack)
        #expect(gone.closedSequence == 6 && gone.closedAt == moment(3) && gone.loss == Dollars(micros: 5))
        #expect(gone.decidedBy == "bob" && gone.decidedAt == moment(2))
    }

    @Test(arguments: Dispute.State.allCases, Dispute.Decision.allCases)
    func aDecisionStays(state: Dispute.State, decision: Dispute.Decision) throws {
        var dispute = try dispute(state)
        let before = dispute
        switch (state, decision) {
        case (.open, _):
            #expect(try dispute.decide(decision, by: "eve", at: moment(9), sequence: 9))
            #expect(dispute.state.rawValue == decision.rawValue && dispute.decidedBy == "eve")
        case (.won, .won), (.lost, .lost), (.chargedBack, .lost):
            #expect(try !dispute.decide(decision, by: "eve", at: moment(9), sequence: 9))
            #expect(dispute == before)
        case (.won, .lost), (.lost, .won), (.chargedBack, .won):
            #expect(throws: DisputeRefusal.isDecided(state)) {
                try dispute.decide(decision, by: "eve", at: moment(9), sequence: 9)
            }
            #expect(dispute == before)
        }
    }

    @Test(arguments: Dispute.State.allCases)
    func onlyALostOneIsChargedBack(state: Dispute.State) throws {
        var dispute = try dispute(state)
        if state == .lost {
            try dispute.chargeBack(losing: .zero, at: moment(9), sequence: 9)
            #expect(dispute.state == .chargedBack)
        } else {
            #expect(throws: DisputeRefusal.isNotLost(state)) {
                try dispute.chargeBack(losing: .zero, at: moment(9), sequence: 9)
            }
        }
    }

    @Test func aSuspendedWalletFreezesNothing() throws {
        let lots = [lot(1, paid: 1, face: 59_900_000)]
        let wallet = Wallet(organization: id(1), lots: lots, isSuspended: true)
        #expect(wallet.refusal(count: 10, model: model(), at: moment(0)) == .suspended)
        #expect(throws: FreezeRefusal.suspended) {
            try wallet.freeze(id(1), count: 10, model: model(), at: moment(0))
        }
        #expect(Wallet(organization: id(1), lots: lots).refusal(count: 10, model: model(), at: moment(0)) == nil)
    }

    @Test func whatWasUsedIsLost() {
        let posted = LedgerTransaction.dispute("bank-1", losing: Dollars(micros: 7))
        #expect(posted.kind == .dispute && posted.reference == "dispute:bank-1")
        #expect(posted.entries.map(\.account) == [.disputeLoss, .cash])
        #expect(posted.entries.map(\.amountMicros) == [7, -7])
    }
}
