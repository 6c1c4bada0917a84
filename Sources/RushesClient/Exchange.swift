internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import RushesWire

/// Sends requests to one server and reads its answers; the only place that knows the HTTP library.
struct Exchange: Sendable {
    let http: HTTPClient
    let root: String
    let apiKey: String?
    let retry: RetryPolicy

    /// Bytes of an answer that is read as a whole, at most.
    private static let answerBytesMax = 64 * 1_024 * 1_024

    /// Opens an HTTP client that fails fast when nobody listens, and closes it after `body`.
    static func withHTTP<Result>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.timeout = .init(connect: .seconds(5), read: .seconds(60))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
        configuration.redirectConfiguration = .disallow
        return try await HTTPClient.withHTTPClient(configuration: configuration, body)
    }

    /// Sends a call and decodes its answer, trying again when the call allows it.
    ///
    /// - Throws: `RushesClientError`, `CancellationError`.
    func answer<Body: Decodable>(_ call: Call, as type: Body.Type = Body.self) async throws -> Answer<Body> {
        try await repeating(call) {
            let response = try await open(call)
            let bytes = try await read(response)
            return Answer(
                body: try Self.decode(bytes, status: Int(response.status.code)),
                isReplay: response.headers.first(name: "Idempotent-Replayed") == "true")
        }
    }

    /// Sends a call whose answer has no body, trying again when the call allows it.
    ///
    /// - Throws: `RushesClientError`, `CancellationError`.
    func perform(_ call: Call) async throws {
        try await repeating(call) { _ = try await read(try await open(call)) }
    }

    /// Sends a call and gives its answer's body to the caller to stream.
    ///
    /// - Throws: `RushesClientError`, `CancellationError`.
    func stream(_ call: Call) async throws -> HTTPClientResponse {
        try await repeating(call) { try await open(call) }
    }

    /// Runs `body` until it succeeds, fails for good, or the policy ends.
    private func repeating<Result>(_ call: Call, _ body: () async throws -> Result) async throws -> Result {
        var attempt = 1
        while true {
            do {
                return try await body()
            } catch let error as RushesClientError {
                guard call.isRepeatable, let pause = retry.pauseAfter(attempt: attempt, error: error) else {
                    throw error
                }
                try await retry.pause(pause)
                attempt += 1
            }
        }
    }

    /// One sending; an answer that is not 2xx is thrown as the problem that it carries.
    private func open(_ call: Call) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request(for: call), timeout: .seconds(call.timeoutSeconds))
        } catch let error as CancellationError {
            throw error
        } catch {
            throw unreachable(error)
        }
        guard (200..<300).contains(response.status.code) else { throw try await refusal(response) }
        return response
    }

    private func request(for call: Call) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: root + call.target)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "User-Agent", value: "rushes-client")
        if let apiKey { request.headers.add(name: "Authorization", value: "Bearer \(apiKey)") }
        for (name, value) in call.headers { request.headers.add(name: name, value: value) }
        if let content = call.content {
            request.headers.add(name: "Content-Type", value: content.type)
            request.body = .bytes(content.bytes)
        }
        return request
    }

    private func read(_ response: HTTPClientResponse) async throws -> [UInt8] {
        do {
            let buffer = try await response.body.collect(upTo: Self.answerBytesMax)
            return [UInt8](buffer.readableBytesView)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw unreachable(error)
        }
    }

    /// An exchange that broke off, in words.
    func unreachable(_ error: any Error) -> RushesClientError {
        let reason = String(describing: error)
        if reason.contains("Connection refused") || reason.contains("No such file") {
            return .unreachable(address: root, reason: "nobody listens there")
        }
        return .unreachable(address: root, reason: reason)
    }

    private func refusal(_ response: HTTPClientResponse) async throws -> RushesClientError {
        let bytes = try await read(response)
        let seconds = response.headers.first(name: "Retry-After").flatMap { Int($0) }
        do {
            return .refused(try WireJSON.decode(ProblemBody.self, from: bytes), retryAfterSeconds: seconds)
        } catch {
            // Not a problem document, so not a Rushes server but something in between: its own words say most.
            let text = String(decoding: bytes.prefix(300), as: UTF8.self)
            return .unreadable(status: Int(response.status.code), detail: text.isEmpty ? "no content" : text)
        }
    }

    private static func decode<Body: Decodable>(_ bytes: [UInt8], status: Int) throws -> Body {
        do {
            return try WireJSON.decode(Body.self, from: bytes)
        } catch {
            throw RushesClientError.unreadable(status: status, detail: String(describing: error))
        }
    }
}

/// A decoded answer.
struct Answer<Body> {
    /// The body.
    let body: Body
    /// True when the server answered an idempotent repeat with its first answer.
    let isReplay: Bool
}
