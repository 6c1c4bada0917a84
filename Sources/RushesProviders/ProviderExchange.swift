import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RushesCore
import RushesEngine
import Synchronization

/// How every adapter speaks HTTP: whole answers within a time, and creates whose fate is known.
struct ProviderExchange: Sendable {
    let connections: ProviderConnections
    let environment: Environment

    /// Sends a request and reads its whole answer within a time.
    ///
    /// The HTTP client's own deadline ends with the answer's head; a body that drips would never end.
    func send(
        _ request: HTTPClientRequest, within milliseconds: Int64, bodyBytesMax: Int = ProviderAnswer.bodyBytesMax
    ) async throws -> ProviderAnswer {
        let client = connections.calls
        let sleep = environment.sleep
        let waits = WaitedTime(environment)
        return try await withThrowingTaskGroup(of: ProviderAnswer?.self) { group in
            group.addTask {
                let response = try await client.execute(request, timeout: .milliseconds(milliseconds))
                let (body, lease) = try await body(of: response, bytesMax: bodyBytesMax, waits)
                return ProviderAnswer(
                    status: Int(response.status.code), headers: response.headers, body: body, lease: lease)
            }
            group.addTask {
                // What an answer has waited for memory is not the provider's time.
                var left = milliseconds
                while left > 0 {
                    try await sleep(left)
                    left = waits.takeMilliseconds()
                }
                return nil
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() ?? nil else { throw HTTPClientError.deadlineExceeded }
            return answer
        }
    }

    /// The whole body. One that is longer than short answers are is read on when there is memory for all of it.
    private func body(
        of response: HTTPClientResponse, bytesMax: Int, _ waits: WaitedTime
    ) async throws -> (ByteBuffer, ByteLease?) {
        let announced = response.headers.first(name: "content-length").flatMap { Int($0) }
        if let announced, announced > bytesMax { throw NIOTooManyBytesError(maxBytes: bytesMax) }
        guard bytesMax > ProviderAnswer.bodyBytesMax else {
            return (try await response.body.collect(upTo: bytesMax), nil)
        }
        var body = ByteBuffer()
        var lease: ByteLease?
        for try await var piece in response.body {
            let length = body.readableBytes + piece.readableBytes
            if length > bytesMax { throw NIOTooManyBytesError(maxBytes: bytesMax) }
            if lease == nil, length > ProviderAnswer.bodyBytesMax {
                let bytes = Int64(announced ?? bytesMax)
                lease = try await waits.measured { try await connections.largeAnswers.take(bytes) }
            }
            body.writeBuffer(&piece)
        }
        lease?.shrink(to: Int64(body.readableBytes))
        return (body, lease)
    }

    /// Sends a read.
    ///
    /// - Throws: `ProviderError` when no answer came.
    func read(
        _ request: HTTPClientRequest, bodyBytesMax: Int = ProviderAnswer.bodyBytesMax
    ) async throws(ProviderError) -> ProviderAnswer {
        do {
            return try await send(request, within: connections.limits.readMilliseconds, bodyBytesMax: bodyBytesMax)
        } catch {
            throw ProviderError(ProviderFault(connection: error))
        }
    }

    /// Sends a create once, and knows whether the provider can have taken it.
    func create(_ request: HTTPClientRequest, body: ByteBuffer) async -> CreateAnswer {
        let gate = BodyGate()
        var request = request
        request.method = .POST
        request.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        request.body = .stream(GatedBody(gate: gate, bytes: body), length: .known(Int64(body.readableBytes)))
        do {
            return .answered(try await send(request, within: connections.limits.createMilliseconds))
        } catch {
            let fault = ProviderFault(connection: error)
            // Without its body the provider cannot have taken the request, whatever the error was.
            return gate.shut() ? .notSent(fault) : .silent(fault)
        }
    }
}

/// How long a call has waited for something of our own.
private final class WaitedTime: Sendable {
    private struct State {
        var milliseconds: Int64 = 0
        var since: Int64?
    }

    private let state = Mutex(State())
    private let now: @Sendable () -> Int64

    init(_ environment: Environment) {
        now = environment.elapsedMilliseconds
    }

    /// Does some waiting, and counts it.
    func measured<Result>(_ work: () async throws -> Result) async throws -> Result {
        state.withLock { $0.since = now() }
        defer {
            state.withLock { state in
                if let since = state.since { state.milliseconds += now() - since }
                state.since = nil
            }
        }
        return try await work()
    }

    /// The milliseconds waited since this was last asked; at least one while the waiting goes on.
    func takeMilliseconds() -> Int64 {
        state.withLock { state in
            defer { state.milliseconds = 0 }
            guard let since = state.since else { return state.milliseconds }
            state.since = now()
            return state.milliseconds + max(1, now() - since)
        }
    }
}

/// What came of sending a create.
enum CreateAnswer: Sendable {
    case answered(ProviderAnswer)
    /// The provider certainly did not get it.
    case notSent(ProviderFault)
    /// The provider may have taken it.
    case silent(ProviderFault)

    /// What is known: `accepted` reads the job off a 2xx answer, `fault` tells what a refusal means.
    func outcome(
        accepted: (ProviderAnswer) -> (job: ProviderJobID, pollAfterMilliseconds: Int64?)?,
        fault: (ProviderAnswer) -> ProviderFault
    ) -> SubmitOutcome {
        switch self {
        case .notSent(let fault): return .notAccepted(fault)
        case .silent(let fault): return .unknown(fault)
        case .answered(let answer):
            switch answer.status {
            case 200..<300:
                guard let (job, hint) = accepted(answer) else {
                    return .unknown(ProviderFault(.unknown, message: "the answer to a create cannot be read"))
                }
                return .accepted(job, pollAfterMilliseconds: hint)
            case 400..<500 where answer.status != 408 && answer.status != 409 && answer.status != 499:
                return .notAccepted(fault(answer))
            default:
                return .unknown(fault(answer))
            }
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
            if let tooMany = error as? NIOTooManyBytesError {
                let most = tooMany.maxBytes.map { ", of at most \($0) bytes" } ?? ""
                self.init(.unknown, message: "the answer is too long" + most)
            } else {
                self.init(.transient, message: "the connection to the provider failed: \(error)")
            }
        }
    }
}
