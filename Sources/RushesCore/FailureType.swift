/// Why a task failed, in the closed list of `product.md` section 4; every one refunds.
package enum FailureType: String, Sendable, CaseIterable, Codable {
    case invalidRequest = "invalid_request"
    case moderated
    case providerError = "provider_error"
    case providerUnavailable = "provider_unavailable"
    case timedOut = "timed_out"
    case storageError = "storage_error"
    case cancelled
    case expired
    case internalError = "internal_error"

    /// What the customer reads; a provider's own words are for the operator.
    package var message: String {
        switch self {
        case .invalidRequest: "The provider refused the request."
        case .moderated: "The provider's content rules refused the prompt or the video."
        case .providerError: "The provider could not make the video."
        case .providerUnavailable: "This model is not available at its provider."
        case .timedOut: "The video was not ready at the deadline."
        case .storageError: "The provider's file was not a playable video or could not be stored."
        case .cancelled: "The batch was cancelled before this task was dispatched."
        case .expired: "The task was not dispatched within the batch's window."
        case .internalError: "Rushes could not finish the task."
        }
    }
}

/// Why a task failed, with the provider's code when it gave one.
package struct Failure: Sendable, Equatable {
    /// The type.
    package let type: FailureType
    /// What the customer reads.
    package let message: String
    /// The provider's code.
    package let providerCode: String?

    /// A failure with the type's own message; a code that is more than a word is dropped.
    package init(_ type: FailureType, providerCode: String? = nil) {
        self.init(type, message: type.message, providerCode: providerCode.flatMap(Self.word))
    }

    /// Codes are chosen by providers: only what looks like one reaches a customer.
    fileprivate static func word(_ code: String) -> String? {
        let isWord = code.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false  // every other byte
            }
        }
        return isWord && (1...64).contains(code.utf8.count) ? code : nil
    }

    /// A failure as it stands in the database.
    package init(_ type: FailureType, message: String, providerCode: String?) {
        self.type = type
        self.message = message
        self.providerCode = providerCode
    }
}

extension ProviderFault {
    /// The failure type that a task ends with when this fault is the last word on it.
    package var failureType: FailureType {
        switch self.class {
        case .transient, .timeout, .unknown, .lost, .permanentGeneration: .providerError
        case .rateLimited, .quotaExhausted, .auth, .retired, .noEndpoint: .providerUnavailable
        case .moderated: .moderated
        case .permanentRequest: .invalidRequest
        }
    }

    /// The failure that a task ends with when this fault is the last word on it.
    package var failure: Failure {
        Failure(failureType, message: customerMessage, providerCode: code.flatMap(Failure.word))
    }

    /// The failure of a task whose creates were refused as often as they may be.
    package var refusedForGood: Failure {
        Failure(.providerUnavailable, message: Self.notTaken, providerCode: code.flatMap(Failure.word))
    }

    private static let notTaken = "The provider did not take the request."

    /// What a customer reads: a sentence of ours that never changes with the provider's own words.
    package var customerMessage: String {
        switch self.class {
        case .transient, .timeout, .unknown, .permanentGeneration, .permanentRequest, .retired, .noEndpoint:
            failureType.message
        case .lost: "The provider lost the video."
        case .rateLimited, .quotaExhausted, .auth: Self.notTaken
        case .moderated:
            category.map { "The provider's content rules refused the prompt or the video: \($0.words)." }
                ?? failureType.message
        }
    }

    /// True when another generation of the same request may succeed.
    package var isWorthAnotherGeneration: Bool {
        switch self.class {
        case .transient, .timeout, .unknown, .rateLimited: true
        case .quotaExhausted, .auth, .moderated, .permanentRequest, .permanentGeneration, .retired, .noEndpoint, .lost:
            false
        }
    }

    /// True when the same question may be answered later without anything having changed at our side.
    package var isPassing: Bool {
        switch self.class {
        case .transient, .timeout, .rateLimited, .quotaExhausted, .auth: true
        case .unknown, .moderated, .permanentRequest, .permanentGeneration, .retired, .noEndpoint, .lost: false
        }
    }
}
