import RushesWire
import Testing

@testable import rushes

/// What people and scripts read: amounts, tables, exit codes.
struct TextTests {
    @Test(
        "an amount is exact, with at least two decimals",
        arguments: [
            (0, "$0.00"), (490_000, "$0.49"), (1_990_040_000, "$1,990.04"), (-490_000, "-$0.49"), (1, "$0.000001"),
            (2_276_200_000, "$2,276.20"), (1_234_567_890_123, "$1,234,567.890123"), (999_999_999, "$999.999999"),
            (Int64.min, "-$9,223,372,036,854.775808"),
        ] as [(Int64, String)])
    func amount(micros: Int64, text: String) {
        #expect(dollars(micros) == text)
    }

    @Test("columns are aligned and lines end without blanks")
    func table() {
        var table = Table([("NAME", .left), ("N", .right)])
        table.add(["a", "10"])
        table.add(["long-name", "7"])
        #expect(table.lines == ["NAME        N", "a          10", "long-name   7"])
    }

    @Test("a progress line fits its terminal and tells what came back")
    func progress() {
        var batch = BatchBody.example
        batch.counts = BatchCountsBody(total: 24, queued: 4, running: 6, succeeded: 12, failed: 2)
        batch.refundedMicros = 980_000
        let line = ProgressLine(batch, secondsLeft: 12)
        #expect(
            line.plain
                == "processing: 14/24, 12 ok, 2 failed, 6 running, 4 waiting, refunded $0.98, about 12 s left")
        for columns in [20, 60, 80, 200] {
            #expect(line.bar(Terminal(columns: columns)).count < columns)
        }
        #expect(line.bar(Terminal(columns: 200)).hasPrefix("[###############xx............."))
    }

    @Test(
        "a refusal decides the exit code",
        arguments: [
            (401, "unauthenticated", 4), (403, "forbidden", 4), (402, "insufficient_credits", 5), (422, "invalid", 6),
            (400, "malformed", 6), (422, "idempotency_mismatch", 1), (404, "not_found", 1), (429, "rate_limited", 75),
            (503, "unavailable", 75), (500, "internal_error", 1),
        ])
    func exitCode(status: Int, code: String, exit: Int32) {
        let problem = ProblemBody(
            type: "about:blank", title: "", status: status, detail: "", code: code, requestID: "r",
            error: ErrorBody(type: "", code: code, message: "", param: nil))
        #expect(Complaint(problem, retryAfterSeconds: nil).status.rawValue == exit)
    }

    @Test("an input error names row, column and reason")
    func inputError() {
        let cell = IssueBody(row: 17, column: "seconds", code: "invalid", detail: "7 is not one of 4, 8, 12")
        #expect(cell.line == "row 17, column seconds: 7 is not one of 4, 8, 12")
        #expect(IssueBody(pointer: "/tasks/3/size", code: "invalid", detail: "bad").line == "/tasks/3/size: bad")
    }

    @Test(
        "a duration is short",
        arguments: [(5, "5 s"), (89, "89 s"), (120, "2 min"), (7_500, "2 h 05 min"), (7_200, "2 h")])
    func durationText(seconds: Int, text: String) {
        #expect(duration(seconds) == text)
    }
}

extension BatchBody {
    static let example = BatchBody(
        id: "bat_1", requestID: "r", model: "sora-2", name: nil, status: "processing",
        counts: BatchCountsBody(total: 24, queued: 24, running: 0, succeeded: 0, failed: 0), unitPriceMicros: 490_000,
        frozenMicros: 11_760_000, chargedMicros: 0, refundedMicros: 0, heldMicros: 11_760_000,
        createdAt: "2026-11-23T00:00:00.000Z", startedAt: nil, finishedAt: nil, cancelRequestedAt: nil, metadata: [:])
}
