/// What a provider said when it refused a call or gave up on a job, before anybody knows what it means.
package struct ProviderRefusal: Sendable {
    /// The provider's language.
    package let dialect: ProviderDialect
    /// What it was asked for.
    package let call: ProviderCall
    /// The HTTP status; nil for a job that failed by itself.
    package let status: Int?
    /// Everything it gave that is a word and no sentence, the most telling first: code, type, reason, status name.
    package let codes: [String]
    /// Its sentences, for the operator.
    package let message: String
    /// How long it asks us to wait, in milliseconds.
    package let retryAfterMilliseconds: Int64?

    /// A refusal from its parts.
    package init(
        _ dialect: ProviderDialect, _ call: ProviderCall, status: Int? = nil, codes: [String?], message: String,
        retryAfterMilliseconds: Int64? = nil
    ) {
        self.dialect = dialect
        self.call = call
        self.status = status
        self.codes = codes.compactMap(\.self)
        self.message = message
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    /// What it means: the first row of `RefusalRule.table` that fits decides.
    package var fault: ProviderFault {
        let meaning = rule?.class ?? .unknown
        return ProviderFault(
            meaning, code: codes.first, message: message, retryAfterMilliseconds: retryAfterMilliseconds,
            category: meaning == .moderated ? ContentCategory(namedIn: message) : nil)
    }

    /// The row that decides; nil when none fits.
    package var rule: RefusalRule? {
        let words = Set(codes.map { $0.lowercased() })
        let text = (codes + [message]).joined(separator: " ").lowercased()
        return RefusalRule.table.first { $0.fits(self, words: words, text: text) }
    }
}
