import RushesCore
import Testing

@Suite struct AdjustmentTests {
    private func proposed() -> Adjustment {
        Adjustment(
            id: id(1),
            proposal: Adjustment.Proposal(
                organization: id(1), amount: credits(5), reason: "why", ticket: "T-1", by: "ada"),
            proposedAt: moment(0))
    }

    @Test func itTakesASecondPersonToApprove() throws {
        var adjustment = proposed()
        #expect(throws: AdjustmentRefusal.needsAnotherPerson) {
            try adjustment.decide(.approve, by: "ada", at: moment(1))
        }
        #expect(adjustment == proposed())
        try adjustment.decide(.approve, by: "bob", at: moment(2))
        #expect(adjustment.state == .approved && adjustment.decidedBy == "bob" && adjustment.decidedAt == moment(2))
    }

    @Test func anyoneMayReject() throws {
        var adjustment = proposed()
        try adjustment.decide(.reject, by: "ada", at: moment(1))
        #expect(adjustment.state == .rejected)
    }

    @Test(arguments: [Adjustment.Decision.approve, .reject])
    func aDecisionStays(first: Adjustment.Decision) throws {
        for second in [Adjustment.Decision.approve, .reject] {
            var adjustment = proposed()
            try adjustment.decide(first, by: "bob", at: moment(1))
            let decided = adjustment
            #expect(throws: AdjustmentRefusal.alreadyDecided(decided.state)) {
                try adjustment.decide(second, by: "eve", at: moment(2))
            }
            #expect(adjustment == decided)
        }
    }

    @Test func whatIsTakenComesFromGiftsFirstAndNeverFromMoreThanIsFree() throws {
        let lots = [
            lot(1, paid: 10, face: 10), lot(2, paid: 0, face: 4, origin: .promo),
            lot(3, paid: 0, face: 9, origin: .promo, expiresAt: moment(0)),
        ]
        let parts = try wallet(lots).taking(credits(6), at: moment(1))
        #expect(
            parts == [HoldPart(lot: lots[1].id, amount: credits(4)), HoldPart(lot: lots[0].id, amount: credits(2))])
        #expect(throws: AdjustmentRefusal.insufficientCredits(needed: credits(15), available: credits(14))) {
            try wallet(lots).taking(credits(15), at: moment(1))
        }
    }
}
