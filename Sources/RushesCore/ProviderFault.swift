/// A provider's own name for a job; opaque.
package struct ProviderJobID: Hashable, Sendable, CustomStringConvertible {
    /// The provider's text.
    package let rawValue: String

    /// A job by the provider's text.
    package init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}

/// What a provider's refusal or silence means, classified at the adapter (`reference/provider-apis.md` 4.1).
package struct ProviderFault: Hashable, Sendable {
    /// The classes on which decisions differ.
    package enum Class: String, Sendable, CaseIterable {
        /// A passing trouble of the provider or the network.
        case transient
        /// Too many requests for now.
        case rateLimited = "rate_limited"
        /// The account's money or spend limit is used up.
        case quotaExhausted = "quota_exhausted"
        /// The credentials are refused.
        case auth
        /// The provider's content rules refuse the prompt or the result.
        case moderated
        /// The request itself is refused; the same request will be refused again.
        case permanentRequest = "permanent_request"
        /// The provider tried and gave up for good.
        case permanentGeneration = "permanent_generation"
        /// The model or the endpoint is gone.
        case retired
        /// Nobody takes creates at the account's address; of the model nothing was said.
        case noEndpoint = "no_endpoint"
        /// The provider no longer knows a job that it had accepted.
        case lost
        /// No answer in time.
        case timeout
        /// Nothing that we know.
        case unknown
    }

    /// The class.
    package let `class`: Class
    /// The provider's code, if it gave one.
    package let code: String?
    /// The provider's words, for the operator.
    package let message: String
    /// How long the provider asks us to wait, in milliseconds.
    package let retryAfterMilliseconds: Int64?
    /// What the content rules objected to, when the provider told.
    package let category: ContentCategory?

    /// A fault from its parts.
    package init(
        _ class: Class, code: String? = nil, message: String, retryAfterMilliseconds: Int64? = nil,
        category: ContentCategory? = nil
    ) {
        self.class = `class`
        self.category = category
        self.code = code
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }
}
