import AsyncHTTPClient
import NIOCore
import NIOFoundationCompat
import NIOHTTP1
package import RushesCore
package import RushesEngine

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension OpenAIVideosProvider {
    package func submit(_ submission: Submission) async -> SubmitOutcome {
        let gate = BodyGate()
        do {
            let request = try createRequest(submission, gate)
            let answer = try await send(request, within: connections.limits.createMilliseconds)
            return outcome(of: answer)
        } catch {
            let fault = ProviderFault(connection: error)
            // Without its body the provider cannot have taken the request, whatever the error was.
            return gate.shut() ? .notAccepted(fault) : .unknown(fault)
        }
    }

    private func createRequest(_ submission: Submission, _ gate: BodyGate) throws -> HTTPClientRequest {
        let body = try JSONEncoder().encodeAsByteBuffer(
            OpenAIVideoRequest(submission), allocator: ByteBufferAllocator())
        var request = request("/videos")
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if configuration.isSandbox {
            request.headers.add(name: "X-Rushes-Attempt", value: "\(submission.task):\(submission.attempt)")
            request.headers.add(name: "X-Rushes-Deadline", value: submission.deadline.rfc3339)
        }
        let length = Int64(body.readableBytes)
        request.body = .stream(GatedBody(gate: gate, bytes: body), length: .known(length))
        return request
    }

    private func outcome(of answer: OpenAIAnswer) -> SubmitOutcome {
        switch answer.status {
        case 200..<300:
            guard let video = answer.decode(OpenAIVideo.self) else {
                return .unknown(ProviderFault(.unknown, message: "the answer to a create cannot be read"))
            }
            return .accepted(ProviderJobID(video.id), pollAfterMilliseconds: answer.pollAfterMilliseconds)
        case 400..<500 where answer.status != 408 && answer.status != 409:
            return .notAccepted(answer.fault(on: .create, now: environment.now()))
        default:
            return .unknown(answer.fault(on: .create, now: environment.now()))
        }
    }
}
