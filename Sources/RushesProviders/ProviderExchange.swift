import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import RushesCore
import RushesEngine

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
        return try await withThrowingTaskGroup(of: ProviderAnswer?.self) { group in
            group.addTask {
                let response = try await client.execute(request, timeout: .milliseconds(milliseconds))
                let body = try await response.body.collect(upTo: bodyBytesMax)
                return ProviderAnswer(status: Int(response.status.code), headers: response.headers, body: body)
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
