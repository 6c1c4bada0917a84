extension ProviderFault {
    /// Which call of the OpenAI dialect was refused: a missing model and a missing job are both 404.
    package enum OpenAICall: Sendable {
        case create
        case job
        case list
    }

    /// What a refusal in the OpenAI dialect means (`reference/provider-apis.md` 1.8 and 4.1).
    ///
    /// The provider's code and type are looked at before the HTTP status, because 429 hides two classes and 400 hides
    /// moderation.
    package static func classify(
        status: Int, code: String?, type: String?, message: String, retryAfter: Int64?, on call: OpenAICall
    ) -> ProviderFault {
        let byWord = OpenAIWords.httpClass(code: code, type: type, message: message, status: status)
        return ProviderFault(
            adjusted(byWord ?? OpenAIWords.statusClass(status), status: status, message: message, call),
            code: code ?? type, message: message, retryAfterMilliseconds: retryAfter)
    }

    /// What the error of a job that failed at the provider means.
    package static func classifyFailedJob(code: String?, message: String, retryAfter: Int64? = nil) -> ProviderFault {
        ProviderFault(
            OpenAIWords.jobClass(code: code, message: message), code: code, message: message,
            retryAfterMilliseconds: retryAfter)
    }

    /// A missing thing is the model, a job or the listing, depending on what was asked.
    private static func adjusted(
        _ class: Class, status: Int, message: String, _ call: OpenAICall
    ) -> Class {
        switch call {
        case .job:
            let isMissing = OpenAIWords.missing.contains(status) && `class` != .transient
            return isMissing ? .lost : `class`
        case .create:
            let namesTheModel = OpenAIWords.missing.contains(status) && message.lowercased().contains("model")
            return namesTheModel ? .retired : `class`
        case .list:
            return OpenAIWords.noListing.contains(status) ? .permanentRequest : `class`
        }
    }
}

/// The words of the OpenAI dialect and what they mean, as tables.
private enum OpenAIWords {
    /// Codes and types of refusals; the first row that has the code or the type decides.
    private static let refusals: [(Set<String>, ProviderFault.Class)] = [
        (moderation, .moderated),
        (
            [
                "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
                "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "billing_hard_limit_reached",
                "billing_not_active",
            ], .quotaExhausted
        ),
        (["rate_limit_exceeded", "rate_limit_error", "slow_down"], .rateLimited),
        (
            [
                "invalid_api_key", "authentication_error", "permission_error", "account_deactivated",
                "unsupported_country_region_territory",
            ], .auth
        ),
        (["model_not_found", "model_deprecated", "model_retired", "unknown_url"], .retired),
        (["video_expired"], .lost),
        (
            [
                "server_error", "internal_error", "server_is_overloaded", "service_unavailable_error",
                "video_not_ready",
            ], .transient
        ),
    ]

    /// Codes of jobs that were accepted and failed; every other code is the provider's final word.
    private static let failedJobs: [(Set<String>, ProviderFault.Class)] = [
        (moderation, .moderated),
        (["processing_error", "internal_error", "server_error", "rate_limit_exceeded"], .transient),
    ]

    private static let moderation: Set<String> = [
        "moderation_blocked", "sentinel_block", "content_policy_violation", "content_policy", "content_filter",
        "content_moderation", "safety_violation",
    ]

    private static let statuses: [(ClosedRange<Int>, ProviderFault.Class)] = [
        (400...400, .permanentRequest), (401...401, .auth), (402...402, .quotaExhausted), (403...403, .auth),
        (408...409, .transient), (410...410, .retired), (413...413, .permanentRequest), (415...415, .permanentRequest),
        (422...422, .permanentRequest), (429...429, .rateLimited), (500...599, .transient),
    ]

    /// What was asked for is not there.
    static let missing: Set<Int> = [404, 410]
    /// The server has no listing.
    static let noListing: Set<Int> = [404, 405, 410, 501]
    /// Statuses under which gateways hide a moderation.
    private static let moderating: Set<Int> = [400, 403, 422]
    /// Statuses under which gateways hide a money limit.
    private static let throttling: Set<Int> = [429]

    /// How gateways word a moderation when they have no code for it.
    private static let moderationWording = [
        "content policy", "content_policy", "moderation", "safety system", "usage policies",
    ]

    /// How gateways word a money limit when they have no code for it.
    private static let quotaWording = ["exceeded your current quota", "spend limit", "billing", "insufficient balance"]

    static func httpClass(code: String?, type: String?, message: String, status: Int) -> ProviderFault.Class? {
        if let known = lookUp(refusals, code) ?? lookUp(refusals, type) { return known }
        if moderating.contains(status), says(message, moderationWording) { return .moderated }
        if throttling.contains(status), says(message, quotaWording) { return .quotaExhausted }
        return nil
    }

    static func statusClass(_ status: Int) -> ProviderFault.Class {
        statuses.first { $0.0.contains(status) }?.1 ?? .unknown
    }

    static func jobClass(code: String?, message: String) -> ProviderFault.Class {
        if let known = lookUp(failedJobs, code) { return known }
        return says((code ?? "") + " " + message, moderationWording) ? .moderated : .permanentGeneration
    }

    private static func lookUp(
        _ table: [(Set<String>, ProviderFault.Class)], _ word: String?
    ) -> ProviderFault.Class? {
        guard let word else { return nil }
        return table.first { $0.0.contains(word) }?.1
    }

    private static func says(_ message: String, _ wording: [String]) -> Bool {
        let message = message.lowercased()
        return wording.contains { message.contains($0) }
    }
}
