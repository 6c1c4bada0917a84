import RushesWire
import Testing

@testable import RushesClient

/// What the client sends again, and when.
struct RetryPolicyTests {
    private static let policy = RetryPolicy(attemptsMax: 4, firstPauseMilliseconds: 100, retryAfterSecondsMax: 10) {
        _ in
    }

    private static func refused(_ status: Int, retryAfter seconds: Int? = nil) -> RushesClientError {
        let error = ErrorBody(type: "", code: "", message: "", param: nil)
        return .refused(
            ProblemBody(type: "", title: "", status: status, detail: "", code: "", requestID: "", error: error),
            retryAfterSeconds: seconds)
    }

    @Test("a lost connection is tried again with doubling pauses, and not for ever")
    func lostConnection() {
        let lost = RushesClientError.unreachable(address: "", reason: "")
        let pauses = (1...4).map { Self.policy.pauseAfter(attempt: $0, error: lost) }
        #expect(pauses == [.milliseconds(100), .milliseconds(200), .milliseconds(400), nil])
    }

    @Test("Retry-After is obeyed when it is short, and reported when it is long")
    func retryAfter() {
        #expect(Self.policy.pauseAfter(attempt: 1, error: Self.refused(429, retryAfter: 3)) == .seconds(3))
        #expect(Self.policy.pauseAfter(attempt: 1, error: Self.refused(503, retryAfter: 60)) == nil)
        #expect(Self.policy.pauseAfter(attempt: 1, error: Self.refused(503)) == .milliseconds(100))
    }

    @Test("a decision of the server is final", arguments: [400, 401, 402, 403, 404, 409, 422, 500])
    func decisions(status: Int) {
        #expect(Self.policy.pauseAfter(attempt: 1, error: Self.refused(status)) == nil)
    }

    @Test("changes are not repeated, reads and batches are")
    func repeatable() {
        #expect(Call.get("/v1/wallet").isRepeatable)
        #expect(!Call.send(.post, "/v1/admin/purchases").isRepeatable)
    }

    @Test("a query value is escaped")
    func escaping() {
        let call = Call.get("/v1/batches", [("name", "a b&c/ü"), ("cursor", nil)])
        #expect(call.target == "/v1/batches?name=a%20b%26c%2F%C3%BC")
    }
}
