import RushesCore
import Testing

@Suite("What a refusal of a provider means")
struct RefusalTableTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let refusal: ProviderRefusal
        let expected: ProviderFault.Class

        init(
            _ dialect: ProviderDialect, _ call: ProviderCall, _ status: Int?, _ codes: [String], _ message: String,
            _ expected: ProviderFault.Class
        ) {
            refusal = ProviderRefusal(
                dialect, call, status: status, codes: codes, message: message, retryAfterMilliseconds: 1_500)
            self.expected = expected
        }

        var testDescription: String {
            "\(refusal.dialect) \(refusal.call) \(refusal.status ?? 0) \(refusal.codes) is \(expected)"
        }
    }

    private static let cases: [Case] = [
        Case(.openAI, .create, 400, ["invalid_value", "invalid_request_error"], "words", .permanentRequest),
        Case(.openAI, .create, 400, ["sentinel_block", "invalid_request_error"], "words", .moderated),
        Case(.openAI, .create, 400, ["moderation_blocked", "image_user_error"], "words", .moderated),
        Case(.openAI, .create, 403, [], "Blocked by our Content Policy", .moderated),
        Case(.openAI, .create, 401, ["invalid_api_key", "invalid_request_error"], "words", .auth),
        Case(.openAI, .create, 403, [], "words", .auth),
        Case(.openAI, .create, 402, [], "words", .quotaExhausted),
        Case(.openAI, .create, 404, ["model_not_found"], "words", .retired),
        Case(.openAI, .create, 404, [], "The model sora-2 is gone", .retired),
        Case(.openAI, .create, 404, [], "nothing here", .noEndpoint),
        Case(.openAI, .create, 405, [], "Method Not Allowed", .noEndpoint),
        Case(.openAI, .create, 404, ["unknown_url"], "words", .retired),
        Case(.openAI, .list, 404, ["unknown_url"], "words", .permanentRequest),
        Case(.openAI, .create, 410, [], "words", .retired),
        Case(.openAI, .job, 404, ["not_found"], "words", .lost),
        Case(.openAI, .job, 404, [], "words", .lost),
        Case(.openAI, .job, 404, ["video_expired"], "words", .lost),
        Case(.openAI, .job, 404, ["video_not_ready"], "words", .transient),
        Case(.openAI, .job, 410, [], "words", .lost),
        Case(.openAI, .list, 404, [], "words", .permanentRequest),
        Case(.openAI, .list, 501, [], "words", .permanentRequest),
        Case(.openAI, .create, 408, [], "words", .transient),
        Case(.openAI, .create, 409, [], "words", .transient),
        Case(.openAI, .create, 413, [], "words", .permanentRequest),
        Case(.openAI, .create, 415, [], "words", .permanentRequest),
        Case(.openAI, .create, 422, [], "words", .permanentRequest),
        Case(.openAI, .create, 429, ["rate_limit_exceeded", "requests"], "words", .rateLimited),
        Case(.openAI, .create, 429, ["slow_down", "rate_limit_error"], "words", .rateLimited),
        Case(.openAI, .create, 503, ["slow_down"], "words", .rateLimited),
        Case(.openAI, .create, 429, [], "words", .rateLimited),
        Case(.openAI, .create, 429, ["insufficient_quota"], "words", .quotaExhausted),
        Case(.openAI, .create, 429, ["project_spend_limit_exceeded", "insufficient_quota"], "words", .quotaExhausted),
        Case(.openAI, .create, 429, [], "You exceeded your current quota", .quotaExhausted),
        Case(.openAI, .create, 500, ["server_error", "server_error"], "words", .transient),
        Case(.openAI, .create, 503, ["server_is_overloaded", "service_unavailable_error"], "words", .transient),
        Case(.openAI, .create, 504, [], "words", .transient),
        Case(.openAI, .create, 500, ["moderation_blocked"], "words", .moderated),
        Case(.openAI, .create, 302, [], "words", .unknown),
        Case(.openAI, .create, 418, ["teapot", "teapot"], "words", .unknown),
        Case(.openAI, .create, 403, ["video_expired"], "words", .lost),
        Case(.openAI, .generation, nil, ["moderation_blocked"], "", .moderated),
        Case(.openAI, .generation, nil, ["sentinel_block"], "", .moderated),
        Case(.openAI, .generation, nil, ["blocked"], "against our content policy", .moderated),
        Case(.openAI, .generation, nil, ["content_policy_2"], "", .moderated),
        Case(.openAI, .generation, nil, ["processing_error"], "", .transient),
        Case(.openAI, .generation, nil, ["internal_error"], "", .transient),
        Case(.openAI, .generation, nil, ["server_error"], "", .transient),
        Case(.openAI, .generation, nil, ["rate_limit_exceeded"], "", .rateLimited),
        Case(.openAI, .generation, nil, ["slow_down"], "", .rateLimited),
        Case(.openAI, .generation, nil, ["video_generation_failed"], "", .permanentGeneration),
        Case(.openAI, .generation, nil, ["generation_failed"], "", .permanentGeneration),
        Case(.openAI, .generation, nil, [], "", .permanentGeneration),
        Case(.gemini, .create, 400, ["API_KEY_INVALID", "INVALID_ARGUMENT"], "API key not valid.", .auth),
        Case(.gemini, .create, 400, ["INVALID_ARGUMENT"], "API key not valid. Please pass a valid one.", .auth),
        Case(.gemini, .create, 400, ["INVALID_ARGUMENT"], "durationSeconds must be 4, 6 or 8", .permanentRequest),
        Case(
            .vertex, .create, 400, ["INVALID_ARGUMENT"], "The prompt may violate our usage guidelines.", .moderated),
        Case(.vertex, .create, 400, ["INVALID_ARGUMENT"], "Blocked. Support codes: 61493863", .moderated),
        Case(.gemini, .create, 400, ["FAILED_PRECONDITION"], "User location is not supported.", .auth),
        Case(.vertex, .create, 401, ["ACCESS_TOKEN_EXPIRED", "UNAUTHENTICATED"], "expired", .auth),
        Case(.vertex, .job, 401, ["UNAUTHENTICATED"], "no credentials", .auth),
        Case(.gemini, .create, 402, [], "prepaid balance", .quotaExhausted),
        Case(.gemini, .create, 403, ["SERVICE_DISABLED", "PERMISSION_DENIED"], "disabled", .auth),
        Case(.gemini, .job, 403, ["PERMISSION_DENIED"], "no access to the file", .auth),
        Case(.gemini, .create, 404, ["NOT_FOUND"], "models/veo-2 is no longer available", .retired),
        Case(.vertex, .create, 404, ["NOT_FOUND"], "Publisher was not found", .retired),
        Case(.vertex, .create, 404, [], "<html>", .noEndpoint),
        Case(.openAI, .create, 404, ["invalid_request_error"], "Invalid URL (POST /v2/videos)", .noEndpoint),
        Case(.vertex, .job, 404, ["NOT_FOUND"], "operation not found", .lost),
        Case(.gemini, .job, 404, [], "no file", .lost),
        Case(.vertex, .list, 404, ["NOT_FOUND"], "The specified bucket does not exist.", .unknown),
        Case(.vertex, .list, 403, [], "no storage.objects.list access", .auth),
        Case(
            .gemini, .create, 429,
            ["RESOURCE_EXHAUSTED", "PredictLongRunningRequestsPerDayPerProjectPerModel"],
            "Resource has been exhausted (e.g. check quota).", .quotaExhausted),
        Case(
            .gemini, .create, 429, ["RESOURCE_EXHAUSTED", "RequestsPerMinutePerProject"],
            "You exceeded your current quota, please check your plan and billing details.", .rateLimited),
        Case(.vertex, .create, 429, ["RESOURCE_EXHAUSTED"], "Please try again later.", .rateLimited),
        Case(
            .gemini, .create, 429, ["RESOURCE_EXHAUSTED"], "The monthly spend limit of the project is reached.",
            .quotaExhausted),
        Case(.vertex, .create, 429, [], "", .rateLimited),
        Case(.gemini, .job, 499, ["CANCELLED"], "", .transient),
        Case(.gemini, .job, 500, ["INTERNAL"], "", .transient),
        Case(.vertex, .create, 503, ["UNAVAILABLE"], "overloaded", .transient),
        Case(.vertex, .create, 504, ["DEADLINE_EXCEEDED"], "", .transient),
        Case(.vertex, .token, 400, ["invalid_grant"], "Invalid JWT Signature.", .auth),
        Case(.vertex, .token, 401, ["invalid_client"], "", .auth),
        Case(.vertex, .token, 429, [], "", .rateLimited),
        Case(.vertex, .token, 503, [], "", .transient),
        Case(.gemini, .generation, nil, ["INTERNAL"], "Internal error", .transient),
        Case(.vertex, .generation, nil, ["DEADLINE_EXCEEDED"], "", .transient),
        Case(.vertex, .generation, nil, ["ABORTED"], "", .transient),
        Case(.vertex, .generation, nil, ["UNAVAILABLE"], "", .transient),
        Case(.vertex, .generation, nil, ["RESOURCE_EXHAUSTED"], "", .rateLimited),
        Case(.vertex, .generation, nil, ["INVALID_ARGUMENT"], "bad image", .permanentRequest),
        Case(.vertex, .generation, nil, ["INVALID_ARGUMENT"], "violates our usage guidelines", .moderated),
        Case(.vertex, .generation, nil, ["UNKNOWN"], "The video could not be generated.", .permanentGeneration),
        Case(.vertex, .generation, nil, ["PERMISSION_DENIED"], "no access to the bucket", .auth),
        Case(.vertex, .generation, nil, ["UNKNOWN"], "", .unknown),
        Case(.gemini, .generation, nil, [ProviderWord.filtered], "", .moderated),
        Case(.gemini, .generation, nil, [ProviderWord.nothing], "", .transient),
        Case(.interactions, .create, 400, ["invalid_request"], "unknown field", .permanentRequest),
        Case(.interactions, .create, 400, ["content_blocked"], "", .moderated),
        Case(.interactions, .create, 429, ["resource_exhausted"], "", .rateLimited),
        Case(.interactions, .generation, nil, ["budget_exceeded"], "", .quotaExhausted),
        Case(.interactions, .generation, nil, ["internal_error"], "", .transient),
        Case(.interactions, .generation, nil, ["incomplete"], "", .permanentGeneration),
    ]

    @Test("refusals and failed jobs", arguments: cases)
    private func refusal(_ row: Case) {
        let fault = row.refusal.fault
        #expect(fault.class == row.expected)
        #expect(fault.code == row.refusal.codes.first)
        #expect(fault.message == row.refusal.message)
        #expect(fault.retryAfterMilliseconds == 1_500)
    }

    @Test("every row of the table decides in some case")
    func everyRowIsUsed() {
        let used = Set(Self.cases.compactMap(\.refusal.rule))
        for row in RefusalRule.table { #expect(used.contains(row), "\(row)") }
    }

    @Test("codes and wordings of the table are written as they are compared")
    func lowerCase() {
        for row in RefusalRule.table {
            for text in row.codes.union(row.wording) { #expect(text == text.lowercased() && !text.isEmpty) }
        }
    }

    @Test("a customer reads our words and never the provider's", arguments: cases)
    private func cleaned(_ row: Case) {
        let secret = ProviderRefusal(
            row.refusal.dialect, row.refusal.call, status: row.refusal.status,
            codes: row.refusal.codes + ["a code with spaces"],
            message: row.refusal.message + " sk-12345 at https://internal.example/x")
        let failure = secret.fault.failure
        #expect(failure.message.hasSuffix("."))
        #expect(!failure.message.contains("sk-12345") && !failure.message.contains("https:"))
        #expect(failure.providerCode == row.refusal.codes.first)
        #expect(secret.fault.message.contains("sk-12345"))
    }

    @Test("a code that is a sentence stays with the operator")
    func noSentences() {
        let refusal = ProviderRefusal(
            .openAI, .create, status: 400, codes: ["see https://x.example/?key=1"], message: "")
        #expect(refusal.fault.failure.providerCode == nil)
        #expect(refusal.fault.code == "see https://x.example/?key=1")
    }

    @Test(
        "support codes name the category",
        arguments: [
            ("Blocked. Support codes: 61493863", .violence), ("Support codes: 58061214, 61493863.", .child),
            ("SUPPORT CODES: 1, 90789179", .sexual), ("Support code: 29310472", .celebrity),
            ("Error 61493863", nil), ("Support codes:", nil),
        ] as [(String, ContentCategory?)])
    func category(message: String, expected: ContentCategory?) {
        let fault = ProviderRefusal(.vertex, .generation, codes: [ProviderWord.filtered], message: message).fault
        #expect(fault.class == .moderated && fault.category == expected)
        let words = expected.map { ": \($0.words)." } ?? "or the video."
        #expect(fault.failure.message.hasSuffix(words))
    }

    @Test(
        "Google's wish to wait",
        arguments: [
            ("34s", 34_000), ("0.5s", 500), ("1.000000001s", 1_000), ("600s", 120_000), ("34", nil), ("-1s", nil),
            ("s", nil), ("", nil),
        ] as [(String, Int64?)])
    func retryDelay(text: String, expected: Int64?) {
        #expect(RetryAfter.milliseconds(delay: text) == expected)
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
