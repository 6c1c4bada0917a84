import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import RushesCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A whole answer to a short call.
struct ProviderAnswer: Sendable {
    /// Longer answers are no answers.
    static let bodyBytesMax = 1_024 * 1_024
    static let messageCharactersMax = 400

    let status: Int
    let headers: HTTPHeaders
    let body: ByteBuffer
    /// The bytes that a large body takes; nil for a short one.
    var lease: ByteLease?

    /// The body as a value; nil when it is something else, or says two things at once.
    func decode<Value: Decodable>(_ type: Value.Type) -> Value? {
        // What is wrong in an unreadable answer helps nobody; the caller says which call it was.
        guard let value = try? JSONDecoder().decode(type, from: body) else { return nil }
        return body.withUnsafeReadableBytes { RepeatedKeys.exist(in: $0) } ? nil : value
    }

    /// How long the headers ask us to wait, in milliseconds.
    func retryAfter(now: Timestamp) -> Int64? {
        RetryAfter.milliseconds(
            seconds: headers.first(name: "retry-after"), milliseconds: headers.first(name: "retry-after-ms"), now: now)
    }
}
