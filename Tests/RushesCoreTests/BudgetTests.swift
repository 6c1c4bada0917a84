import RushesCore
import Testing

@Suite("A budget")
struct BudgetTests {
    @Test("has room up to its limit and not one micro more")
    func room() {
        var budget = budget(limit: 100, used: 40)
        #expect(budget.hasRoom(for: Credits(micros: 60)) && !budget.hasRoom(for: Credits(micros: 61)))
        budget.count(Credits(micros: 60))
        #expect(budget.left == .zero && !budget.hasRoom(for: Credits(micros: 1)))
        #expect(self.budget(limit: 100, used: 140).left == .zero)
        #expect(self.budget(limit: nil, used: 140).hasRoom(for: Credits(micros: 1_000_000)))
        #expect(!self.budget(limit: 0, used: 0).hasRoom(for: Credits(micros: 1)))
    }

    @Test(
        "lasts a day or a month of UTC",
        arguments: [
            (
                "2026-11-25T00:00:00.000Z", "2026-11-25T00:00:00.000Z", "2026-11-26T00:00:00.000Z",
                "2026-11-01T00:00:00.000Z"
            ),
            (
                "2026-11-30T23:59:59.999Z", "2026-11-30T00:00:00.000Z", "2026-12-01T00:00:00.000Z",
                "2026-11-01T00:00:00.000Z"
            ),
            (
                "2028-02-29T12:00:00.000Z", "2028-02-29T00:00:00.000Z", "2028-03-01T00:00:00.000Z",
                "2028-02-01T00:00:00.000Z"
            ),
        ])
    func spans(moment: String, day: String, nextDay: String, month: String) throws {
        let moment = try #require(Timestamp(rfc3339: moment))
        let (ofDay, ofMonth) = (Budget.Span(.day, containing: moment), Budget.Span(.month, containing: moment))
        #expect(ofDay.startsAt.rfc3339 == day && ofDay.endsAt.rfc3339 == nextDay)
        #expect(ofMonth.startsAt.rfc3339 == month && ofMonth.endsAt > moment)
    }

    @Test("is of a key or of a project, whatever its label looks like")
    func subjects() {
        let key = APIKeyID(trusted: "key_01kjz0m5e0000000000000001a")
        for subject in [Budget.Subject.apiKey(key), .project("spring"), .project("key:x"), .project("project:")] {
            #expect(Budget.Subject(text: subject.text) == subject)
        }
        #expect(Budget.Subject(text: "spring") == nil && Budget.Subject(text: "key:spring") == nil)
    }

    private func budget(limit: Int64?, used: Int64) -> Budget {
        Budget(
            subject: .project("p"), span: Budget.Span(.day, containing: Timestamp(milliseconds: 0)),
            limit: limit.map(Credits.init(micros:)), used: Credits(micros: used))
    }
}
