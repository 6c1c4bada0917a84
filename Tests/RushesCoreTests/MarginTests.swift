import RushesCore
import Testing

@Suite struct MarginTests {
    private static let price = GenerationPrice(amount: dollars(300))
    private static let billed = GenerationPrice(amount: dollars(300), isBilledOnFailure: true)

    @Test(arguments: [
        (Attempt.Outcome.notAccepted, "actual 0", "actual 0", "actual 0"),
        (.completed, "unknown 0", "list 300", "list 300"),
        (.leaked, "unknown 0", "list 300", "list 300"),
        (.failed, "unknown 0", "list 0", "list 300"),
        (.abandoned, "unknown 0", "unknown 0", "unknown 0"),
        (.submitting, "unknown 0", "unknown 0", "unknown 0"),
        (.unknown, "unknown 0", "unknown 0", "unknown 0"),
        (.running, "unknown 0", "unknown 0", "unknown 0"),
    ])
    func whatAnAttemptCosts(outcome: Attempt.Outcome, without: String, listed: String, billed: String) {
        func shown(_ price: GenerationPrice?) -> String {
            let cost = AttemptCost(outcome, price: price)
            return "\(cost.kind.rawValue) \(cost.amount.micros)"
        }
        #expect([shown(nil), shown(Self.price), shown(Self.billed)] == [without, listed, billed])
    }

    @Test func aReportAddsUpByDayOrganizationAndModel() {
        let first = MarginReport.Subject(day: 1, organization: id(1), model: "a")
        let second = MarginReport.Subject(day: 2, organization: id(1), model: "a")
        func group(
            _ subject: MarginReport.Subject, _ outcome: Attempt.Outcome, _ isCharged: Bool, _ count: Int,
            _ price: GenerationPrice? = Self.billed
        ) -> MarginReport.Attempts {
            MarginReport.Attempts(
                subject: subject, outcome: outcome, price: price, areCharged: isCharged, count: count)
        }
        let report = MarginReport(
            attempts: [
                group(second, .completed, true, 10), group(first, .completed, true, 2),
                group(first, .failed, false, 1), group(first, .failed, true, 1), group(first, .leaked, false, 3),
                group(first, .notAccepted, true, 5), group(first, .completed, true, 4, nil),
            ],
            revenue: [(first, dollars(5_000)), (second, dollars(1_000)), (second, dollars(1))])
        #expect(report.lines.map(\.subject) == [first, second])
        let line = report.lines[0].line
        #expect(line.cost == dollars(7 * 300) && line.refundedCost == dollars(4 * 300))
        #expect(line.leakedCost == dollars(900) && line.attempts == 16 && line.unknownAttempts == 4)
        #expect(line.margin == dollars(5_000 - 2_100))
        #expect(report.lines[1].line.margin == dollars(1_001 - 3_000))
        #expect(report.total.cost == dollars(5_100) && report.total.revenue == dollars(6_001))
    }
}
