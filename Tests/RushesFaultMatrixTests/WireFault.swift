/// What can be wrong with a provider's answer, or with the way to it.
enum WireFault: String, CaseIterable, Sendable {
    // The way to the provider.
    case connectionRefused, unknownHost, badCertificate
    // The connection.
    case silence, resetInHead, resetInBody, hangAfterHead, drip
    // HTTP.
    case hugeHead, endlessChunks, lengthTooBig, lengthTooSmall, lengthAbsent
    // A 200 that is none.
    case html, malformedJSON, wrongTypes, missingIdentifier, climbingIdentifier, longIdentifier, unknownStatus
    case excessProgress, duplicatedKeys, compressionBomb
    // Other statuses.
    case noContent, redirectIntoOurNetwork
    case unauthorized, paymentRequired, forbidden, notFound, bareNotFound, requestTimeout, conflict, tooLarge
    case rateLimitedWithWait, rateLimited, rateLimitedWithAbsurdWait, rateLimitedWithDate, rateLimitStorm
    case serverError, badGateway, unavailableWithWait, gatewayTimeout
    case quotaExhausted, contentPolicy
    // A job that failed because too many run, and says how long to wait.
    case throttledJob
    // The answer to a create is lost, and the listing has a job without a name.
    case namelessListing
    // The video.
    case emptyVideo, truncatedVideo, videoOfWrongType, videoOfWrongLength, hugeVideo
}

/// The calls that a fault can meet.
enum MatrixCall: String, CaseIterable, Sendable {
    case submit, poll, content
}

/// How often a fault is met.
enum Occurrence: String, CaseIterable, Sendable {
    /// By the first call; a create has then made no job.
    case once
    /// By the first create, whose job is made all the same.
    case onceTaken
    /// By every call.
    case always
}
