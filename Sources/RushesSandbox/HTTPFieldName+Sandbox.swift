import HTTPTypes

extension HTTPField.Name {
    // Each literal is a valid token of RFC 9110, so none of these unwraps can fail.
    static let requestID = Self("x-request-id")!
    static let pollAfterMilliseconds = Self("openai-poll-after-ms")!
    static let processingMilliseconds = Self("openai-processing-ms")!
    static let apiVersion = Self("openai-version")!
    static let retryAfterMilliseconds = Self("retry-after-ms")!
    static let attempt = Self("X-Rushes-Attempt")!
    static let googleKey = Self("x-goog-api-key")!
    static let deadline = Self("X-Rushes-Deadline")!
}
