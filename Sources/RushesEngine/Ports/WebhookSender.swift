package import RushesCore

/// Sends one signed message to an address that a customer has chosen, and says what came of it.
///
/// Every adapter passes `WebhookSenderConformance`. It never repeats by itself, follows no redirect and never throws:
/// what went wrong is a value, and a row of the delivery log.
package protocol WebhookSender: Sendable {
    /// Sends a message; returns within the budget of `Limits.webhookBudgetMilliseconds`, whatever the receiver does.
    func send(_ message: WebhookMessage) async -> WebhookExchange
}

/// A message that is ready to be sent.
package struct WebhookMessage: Sendable, Equatable {
    /// Where it goes.
    package let url: String
    /// Header fields beside `host`, `content-length`, `content-type`, `accept-encoding` and `user-agent`, which the
    /// sender writes; names in lower case.
    package let headers: [HeaderField]
    /// The bytes of the body, as they were signed.
    package let body: [UInt8]

    /// A message from its parts.
    package init(url: String, headers: [HeaderField], body: [UInt8]) {
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// A field of a header.
package struct HeaderField: Sendable, Equatable {
    /// The name, in lower case.
    package let name: String
    /// The value.
    package let value: String

    /// A field from its parts.
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What came of sending one message.
package struct WebhookExchange: Sendable, Equatable {
    /// Why it is no success; nil when the receiver took it.
    package var failure: DeliveryFailure?
    /// The status, when one came.
    package var status: Int?
    /// How long the parts took.
    package var timings = Timings()
    /// The address that was dialled.
    package var remoteAddress: String?
    /// The version of TLS, as `TLSv1.3`.
    package var tlsVersion: String?
    /// Fields of the answer that are kept, from `Self.keptHeaders`.
    package var responseHeaders: [HeaderField] = []
    /// The first `Limits.webhookResponseBytesKept` of the answer, broken characters replaced.
    package var responseBody = ""
    /// True when there was more, or when the rest was not waited for.
    package var isTruncated = false
    /// Seconds that the receiver asks to be left alone, when it said so in `retry-after` in either form; not bounded.
    package var retryAfterSeconds: Int64?

    /// Milliseconds from the beginning of the attempt's part, as far as it got.
    package struct Timings: Sendable, Equatable {
        /// Finding the address.
        package var dnsMilliseconds: Int64?
        /// Connecting.
        package var connectMilliseconds: Int64?
        /// The handshake of TLS.
        package var tlsMilliseconds: Int64?
        /// From the last byte written to the head of the answer.
        package var firstByteMilliseconds: Int64?
        /// All of it.
        package var totalMilliseconds: Int64 = 0

        /// Nothing yet.
        package init() {}
    }

    /// Fields of an answer that are kept in the log; others may hold what is none of ours, such as cookies.
    package static let keptHeaders: Set<String> = [
        "content-type", "content-length", "date", "server", "retry-after", "location", "via", "x-request-id",
        "request-id", "cf-ray", "x-amzn-requestid", "x-cache",
    ]

    /// Nothing yet.
    package init() {}

    /// An attempt that failed before there was an answer.
    package init(failure: DeliveryFailure) {
        self.failure = failure
    }
}
