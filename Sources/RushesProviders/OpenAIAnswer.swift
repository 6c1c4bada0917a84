import AsyncHTTPClient
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
import RushesCore
import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A whole answer to a short call.
struct OpenAIAnswer: Sendable {
    /// Longer answers are no answers.
    static let bodyBytesMax = 1_024 * 1_024
    private static let messageCharactersMax = 500

    let status: Int
    let headers: HTTPHeaders
    let body: ByteBuffer

    /// The body as a value; nil when it is something else.
    func decode<Value: Decodable>(_ type: Value.Type) -> Value? {
        // What is wrong in an unreadable answer helps nobody; the caller says which call it was.
        try? JSONDecoder().decode(type, from: body)
    }

    /// When the provider wants to be asked again, in milliseconds.
    var pollAfterMilliseconds: Int64? {
        headers.first(name: "openai-poll-after-ms").flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    /// The refusal that this answer is, with the provider's name of the request for its support.
    func fault(on call: ProviderFault.OpenAICall, now: Timestamp) -> ProviderFault {
        let error = decode(OpenAIErrorEnvelope.self)?.error
        let words = (error?.message ?? "HTTP \(status) without an error body").prefix(Self.messageCharactersMax)
        let request = headers.first(name: "x-request-id").map { " (request \($0.prefix(128)))" } ?? ""
        return .classify(
            status: status, code: error?.code, type: error?.type, message: words + request,
            retryAfter: RetryAfter.milliseconds(
                seconds: headers.first(name: "retry-after"), milliseconds: headers.first(name: "retry-after-ms"),
                now: now),
            on: call)
    }
}

extension OpenAIVideosProvider {
    /// Sends a request and reads its whole answer within a time.
    ///
    /// The HTTP client's own deadline ends with the answer's head; a body that drips would never end.
    func send(_ request: HTTPClientRequest, within milliseconds: Int64) async throws -> OpenAIAnswer {
        let client = connections.calls
        let sleep = environment.sleep
        return try await withThrowingTaskGroup(of: OpenAIAnswer?.self) { group in
            group.addTask {
                let response = try await client.execute(request, timeout: .milliseconds(milliseconds))
                let body = try await response.body.collect(upTo: OpenAIAnswer.bodyBytesMax)
                return OpenAIAnswer(status: Int(response.status.code), headers: response.headers, body: body)
            }
            group.addTask {
                try await sleep(milliseconds)
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw HTTPClientError.deadlineExceeded }
            return answer
        }
    }
}

extension ProviderFault {
    /// A call that got no answer.
    init(connection error: any Error) {
        switch error as? HTTPClientError {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .connectTimeout, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout:
            self.init(.timeout, message: "the provider did not answer in time: \(error)")
        default:
            self.init(.transient, message: "the connection to the provider failed: \(error)")
        }
    }
}
