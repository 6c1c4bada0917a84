extension RefusalRule {
    /// What providers' refusals mean, in the order in which the rows are tried (`reference/provider-apis.md` 1.8, 2.5
    /// and 4.1): a missing thing first, since it depends on the call; then words before the HTTP status, because 429
    /// hides two classes and 400 hides moderation.
    package static let table: [RefusalRule] =
        missing + moderation + money + throttling + credentials + google + words
        + generations + statuses

    private static let gateways: Set<ProviderDialect> = [.openAI]
    private static let veo: Set<ProviderDialect> = [.gemini, .vertex, .interactions]

    /// What was asked for is not there: the listing, a job, its content, the model.
    private static let missing: [RefusalRule] = [
        RefusalRule(.permanentRequest, gateways, on: [.list], statuses: [404...405, 410...410, 501...501]),
        RefusalRule(
            .transient, on: [.job], statuses: [404...404, 410...410],
            codes: ["video_not_ready", "server_error", "internal_error", "server_is_overloaded"]),
        RefusalRule(.lost, on: [.job], statuses: [404...404, 410...410]),
        RefusalRule(.lost, gateways, codes: ["video_expired"]),
        RefusalRule(.retired, on: [.create], statuses: [404...404, 410...410], wording: ["model"]),
        RefusalRule(.retired, veo, on: [.create], statuses: [404...404], codes: ["not_found"]),
    ]

    private static let everywhere: Set<ProviderCall> = [.create, .job, .list, .generation]

    /// How gateways word a moderation when they have no code for it.
    private static let gatewayWording = [
        "content policy", "content_policy", "moderation", "safety system", "usage policies",
    ]
    /// How Google words one.
    private static let veoWording = [
        "support codes:", "usage guidelines", "responsible ai", "content polic", "safety filter",
    ]

    /// Content rules. The sentences count only where gateways and Google hide a moderation.
    private static let moderation: [RefusalRule] = [
        RefusalRule(
            .moderated, on: everywhere,
            codes: [
                "moderation_blocked", "sentinel_block", "content_policy_violation", "content_policy", "content_filter",
                "content_moderation", "safety_violation", "content_blocked", "safety", "prohibited_content",
                ProviderWord.filtered,
            ]),
        RefusalRule(
            .moderated, gateways, statuses: [400...400, 403...403, 422...422],
            wording: gatewayWording),
        RefusalRule(
            .moderated, gateways, on: [.generation],
            wording: gatewayWording),
        RefusalRule(
            .moderated, veo, statuses: [400...400, 403...403],
            wording: veoWording),
        RefusalRule(
            .moderated, veo, on: [.generation],
            wording: veoWording),
    ]

    /// Money: waiting does not help. A daily quota is one for a service that promises minutes.
    private static let money: [RefusalRule] = [
        RefusalRule(
            .quotaExhausted, on: everywhere,
            codes: [
                "insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded",
                "project_spend_limit_exceeded", "organization_usage_limit_exceeded", "billing_hard_limit_reached",
                "billing_not_active", "budget_exceeded",
            ]),
        RefusalRule(
            .quotaExhausted, gateways, statuses: [429...429],
            wording: ["exceeded your current quota", "spend limit", "billing", "insufficient balance"]),
        RefusalRule(
            .quotaExhausted, veo, on: everywhere, codes: ["resource_exhausted"], wording: ["perday", "per day"]),
        RefusalRule(
            .quotaExhausted, veo, on: everywhere, codes: ["resource_exhausted"],
            wording: ["spend limit", "spend cap", "spending", "prepay", "credits are", "out of credits"]),
    ]

    private static let throttling: [RefusalRule] = [
        RefusalRule(
            .rateLimited, gateways, on: everywhere, codes: ["rate_limit_exceeded", "rate_limit_error", "slow_down"]),
        RefusalRule(.rateLimited, veo, on: everywhere, codes: ["resource_exhausted", "rate_limit_exceeded"]),
    ]

    private static let credentials: [RefusalRule] = [
        RefusalRule(
            .auth,
            codes: [
                "invalid_api_key", "authentication_error", "permission_error", "account_deactivated",
                "unsupported_country_region_territory", "api_key_invalid", "api_key_service_blocked",
                "api_key_ip_address_blocked", "api_key_http_referrer_blocked", "access_token_expired",
                "service_disabled", "billing_disabled", "consumer_invalid", "user_project_denied",
            ]),
        RefusalRule(.auth, veo, statuses: [400...400], wording: ["api key not valid", "api key expired"]),
        RefusalRule(
            .auth, veo, on: everywhere, codes: ["failed_precondition", "unauthenticated", "permission_denied"]),
        RefusalRule(.auth, on: [.token], statuses: [400...401, 403...403]),
    ]

    /// google.rpc.Code by name, in HTTP errors and in operations.
    private static let google: [RefusalRule] = [
        RefusalRule(.permanentGeneration, veo, on: [.generation], wording: ["could not be generated"]),
        RefusalRule(
            .permanentRequest, veo, on: everywhere,
            codes: ["invalid_argument", "invalid_request", "out_of_range", "unimplemented"]),
        RefusalRule(
            .transient, veo, on: everywhere,
            codes: [
                "deadline_exceeded", "aborted", "internal", "unavailable", "cancelled", "data_loss",
                ProviderWord.nothing,
            ]),
    ]

    private static let words: [RefusalRule] = [
        RefusalRule(
            .retired, gateways, codes: ["model_not_found", "model_deprecated", "model_retired", "unknown_url"]),
        RefusalRule(
            .transient, gateways,
            codes: [
                "server_error", "internal_error", "server_is_overloaded", "service_unavailable_error",
                "video_not_ready",
            ]),
    ]

    /// Jobs that were accepted and failed: a word that nobody knows is the provider's final one, but not Google's,
    /// which names all of its own.
    private static let generations: [RefusalRule] = [
        RefusalRule(
            .transient, [.openAI, .interactions], on: [.generation],
            codes: ["processing_error", "internal_error", "server_error"]),
        RefusalRule(.permanentGeneration, [.openAI, .interactions], on: [.generation]),
    ]

    private static let answered: Set<ProviderCall> = [.create, .job, .list, .token]

    /// What is left to the HTTP status.
    private static let statuses: [RefusalRule] = [
        RefusalRule(.permanentRequest, on: answered, statuses: [400...400, 413...413, 415...415, 422...422]),
        RefusalRule(.auth, on: answered, statuses: [401...401, 403...403]),
        RefusalRule(.quotaExhausted, on: answered, statuses: [402...402]),
        RefusalRule(.transient, on: answered, statuses: [408...409, 499...599]),
        RefusalRule(.retired, on: answered, statuses: [410...410]),
        RefusalRule(.noEndpoint, on: [.create], statuses: [404...405]),
        RefusalRule(.rateLimited, on: answered, statuses: [429...429]),
    ]
}

/// Words that adapters put where a provider says something without a code for it.
package enum ProviderWord {
    /// The provider filtered every video out.
    package static let filtered = "rai_filtered"
    /// The provider says that a job is done and names neither a video nor an error.
    package static let nothing = "no_content"
}
