/// The wire languages of providers.
package enum ProviderDialect: String, Sendable, CaseIterable {
    /// OpenAI's Videos API, which gateways speak too.
    case openAI = "openai"
    /// Veo as the Gemini Developer API offers it.
    case gemini
    /// Veo as Vertex AI offers it.
    case vertex
    /// Gemini's Interactions API.
    case interactions
}

/// What a provider was asked for when it refused: the same answer to two calls may mean two things.
package enum ProviderCall: String, Sendable, CaseIterable {
    /// To make a video.
    case create
    /// To tell of one job, or to hand over its video.
    case job
    /// To list jobs or videos.
    case list
    /// To make out an access token.
    case token
    /// Nothing: an accepted job failed by itself.
    case generation
}
