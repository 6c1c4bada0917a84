import RushesCore
import Testing

@Suite("What a refusal in the OpenAI dialect means")
struct ProviderFaultOpenAITests {
    private struct Refusal: Sendable, CustomTestStringConvertible {
        let status: Int
        let code: String?
        let type: String?
        var message = "words"
        var call = ProviderFault.OpenAICall.create
        let expected: ProviderFault.Class

        var testDescription: String { "\(status) \(code ?? "-") \(type ?? "-") on \(call) is \(expected)" }
    }

    @Test(
        "refusals",
        arguments: [
            Refusal(status: 400, code: "invalid_value", type: "invalid_request_error", expected: .permanentRequest),
            Refusal(status: 400, code: "sentinel_block", type: "invalid_request_error", expected: .moderated),
            Refusal(status: 400, code: "moderation_blocked", type: "image_user_error", expected: .moderated),
            Refusal(
                status: 403, code: nil, type: nil, message: "Blocked by our Content Policy", expected: .moderated),
            Refusal(status: 401, code: "invalid_api_key", type: "invalid_request_error", expected: .auth),
            Refusal(status: 403, code: nil, type: nil, expected: .auth),
            Refusal(status: 402, code: nil, type: nil, expected: .quotaExhausted),
            Refusal(status: 404, code: "model_not_found", type: nil, expected: .retired),
            Refusal(status: 404, code: nil, type: nil, message: "The model sora-2 is gone", expected: .retired),
            Refusal(status: 404, code: nil, type: nil, message: "nothing here", expected: .unknown),
            Refusal(status: 404, code: "unknown_url", type: nil, expected: .retired),
            Refusal(status: 404, code: "unknown_url", type: nil, call: .list, expected: .permanentRequest),
            Refusal(status: 410, code: nil, type: nil, expected: .retired),
            Refusal(status: 404, code: "not_found", type: nil, call: .job, expected: .lost),
            Refusal(status: 404, code: nil, type: nil, call: .job, expected: .lost),
            Refusal(status: 404, code: "video_expired", type: nil, call: .job, expected: .lost),
            Refusal(status: 404, code: "video_not_ready", type: nil, call: .job, expected: .transient),
            Refusal(status: 410, code: nil, type: nil, call: .job, expected: .lost),
            Refusal(status: 404, code: nil, type: nil, call: .list, expected: .permanentRequest),
            Refusal(status: 501, code: nil, type: nil, call: .list, expected: .permanentRequest),
            Refusal(status: 408, code: nil, type: nil, expected: .transient),
            Refusal(status: 409, code: nil, type: nil, expected: .transient),
            Refusal(status: 413, code: nil, type: nil, expected: .permanentRequest),
            Refusal(status: 415, code: nil, type: nil, expected: .permanentRequest),
            Refusal(status: 422, code: nil, type: nil, expected: .permanentRequest),
            Refusal(status: 429, code: "rate_limit_exceeded", type: "requests", expected: .rateLimited),
            Refusal(status: 429, code: "slow_down", type: "rate_limit_error", expected: .rateLimited),
            Refusal(status: 503, code: "slow_down", type: nil, expected: .rateLimited),
            Refusal(status: 429, code: nil, type: nil, expected: .rateLimited),
            Refusal(status: 429, code: nil, type: "insufficient_quota", expected: .quotaExhausted),
            Refusal(
                status: 429, code: "project_spend_limit_exceeded", type: "insufficient_quota",
                expected: .quotaExhausted),
            Refusal(
                status: 429, code: nil, type: nil, message: "You exceeded your current quota",
                expected: .quotaExhausted),
            Refusal(status: 500, code: "server_error", type: "server_error", expected: .transient),
            Refusal(
                status: 503, code: "server_is_overloaded", type: "service_unavailable_error", expected: .transient),
            Refusal(status: 504, code: nil, type: nil, expected: .transient),
            Refusal(status: 500, code: "moderation_blocked", type: nil, expected: .moderated),
            Refusal(status: 302, code: nil, type: nil, expected: .unknown),
            Refusal(status: 418, code: "teapot", type: "teapot", expected: .unknown),
        ])
    private func refusal(_ refusal: Refusal) {
        let fault = ProviderFault.classify(
            status: refusal.status, code: refusal.code, type: refusal.type, message: refusal.message,
            retryAfter: 1_500, on: refusal.call)
        #expect(fault.class == refusal.expected)
        #expect(fault.code == refusal.code ?? refusal.type)
        #expect(fault.retryAfterMilliseconds == 1_500)
    }

    @Test(
        "failed jobs",
        arguments: [
            ("moderation_blocked", "", .moderated), ("sentinel_block", "", .moderated),
            ("blocked", "against our content policy", .moderated), ("content_policy_2", "", .moderated),
            ("processing_error", "", .transient), ("internal_error", "", .transient),
            ("server_error", "", .transient), ("rate_limit_exceeded", "", .transient),
            ("video_generation_failed", "", .permanentGeneration), ("generation_failed", "", .permanentGeneration),
            (nil, "", .permanentGeneration),
        ] as [(String?, String, ProviderFault.Class)])
    func failedJob(code: String?, message: String, expected: ProviderFault.Class) {
        #expect(ProviderFault.classifyFailedJob(code: code, message: message).class == expected)
    }

    @Test(
        "the wish to wait",
        arguments: [
            ("2", nil, 2_000), ("0", nil, 0), ("1.5", nil, 1_500), ("0.0009", nil, 0), ("7", "250", 250),
            (nil, "1500.7", 1_500), ("3", "soon", 3_000), ("121", nil, 120_000),
            ("99999999999999999999", nil, 120_000), ("-1", nil, nil), ("", nil, nil), ("1.", nil, nil),
            ("soon", nil, nil), (nil, nil, nil), ("Mon, 23 Nov 2026 09:30:05 GMT", nil, 5_000),
            ("Mon, 23 Nov 2026 09:00:00 GMT", nil, 0), ("Mon, 23 Nov 2026 11:30:05 GMT", nil, 120_000),
            ("Mon, 23 Foo 2026 09:30:05 GMT", nil, nil),
        ] as [(String?, String?, Int64?)])
    func retryAfter(seconds: String?, milliseconds: String?, expected: Int64?) throws {
        let now = try #require(Timestamp(httpDate: "Mon, 23 Nov 2026 09:30:00 GMT"))
        #expect(now.rfc3339 == "2026-11-23T09:30:00.000Z")
        let found = RetryAfter.milliseconds(seconds: seconds, milliseconds: milliseconds, now: now)
        #expect(found == expected)
    }

    @Test("HTTP dates are read on every day of 400 years")
    func httpDates() throws {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        for day in stride(from: Int64(0), to: 400 * 366, by: 7) {
            let time = Timestamp(milliseconds: day * 86_400_000 + 3_723_000)
            let parts = time.rfc3339.prefix(10).split(separator: "-")
            let month = months[try #require(Int(parts[1])) - 1]
            #expect(Timestamp(httpDate: "Any, \(parts[2]) \(month) \(parts[0]) 01:02:03 GMT") == time)
        }
    }
}
